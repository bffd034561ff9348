using System.Threading.Channels;
using Waypoint.Xds.Ads;

namespace Waypoint.Xds.Tests.Ads;

/// <summary>Hands every response to the test and answers as the script says; without a script everything is accepted.</summary>
internal sealed class ScriptedConsumer : IAdsConsumer
{
    private readonly Channel<AdsResponse> _responses = Channel.CreateUnbounded<AdsResponse>();

    public Func<AdsResponse, IAdsSubscriptions, ValueTask<AdsVerdict>> Script { get; set; } = (_, _) => ValueTask.FromResult(AdsVerdict.Ack);

    public async ValueTask<AdsVerdict> ApplyAsync(AdsResponse response, IAdsSubscriptions subscriptions, CancellationToken cancellation)
    {
        var verdict = await Script(response, subscriptions);
        _responses.Writer.TryWrite(response);
        return verdict;
    }

    /// <summary>Waits for the next response of a type; others are skipped.</summary>
    public async Task<AdsResponse> NextAsync(string typeUrl)
    {
        while (true)
        {
            var next = await _responses.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            if (next.TypeUrl == typeUrl)
                return next;
        }
    }
}
