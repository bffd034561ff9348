using System.Threading.Channels;
using Waypoint.Grpc.Client;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.Xds.Ads;

/// <summary>
/// One stream from its first request to its end. The reader takes one response at a time, has it handled and queues the answer;
/// nothing but the writer sends.
/// </summary>
internal sealed class AdsStream(IGrpcCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call, SubscriptionTable subscriptions, Node node)
{
    /// <summary>
    /// Answers that wait for the writer. The reader goes on while a long subscription is being sent, because a server that does
    /// not read while it writes would otherwise wait for us as we wait for it.
    /// </summary>
    private const int AnswerCapacity = 64;

    private readonly Channel<DeltaDiscoveryRequest> _answers = Channel.CreateBounded<DeltaDiscoveryRequest>(
        new BoundedChannelOptions(AnswerCapacity) { SingleReader = true, SingleWriter = true });

    private bool _nodeSent;

    /// <summary>Runs until the server ends the stream or it is lost.</summary>
    /// <param name="handle">Applies a response and gives the answer, or null when there is none.</param>
    /// <param name="shutdown">Ends the stream from this side.</param>
    /// <exception cref="Grpc.GrpcException">It did not end with Ok.</exception>
    public async Task RunAsync(Func<DeltaDiscoveryResponse, ValueTask<DeltaDiscoveryRequest?>> handle, CancellationToken shutdown)
    {
        subscriptions.BeginStream();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        var writing = WriteAsync(ended.Token);
        var reading = ReadAsync(handle, ended.Token);
        try
        {
            // A writer that ends first only means that the reader is about to learn why; one that fails must not leave a deaf reader behind.
            if (await Task.WhenAny(reading, writing) == writing)
                await writing;
            await reading;
        }
        finally
        {
            await ended.CancelAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(Func<DeltaDiscoveryResponse, ValueTask<DeltaDiscoveryRequest?>> handle, CancellationToken ended)
    {
        while (await call.ReadAsync(ended) is { } response)
        {
            if (await handle(response) is not { } answer)
                continue;
            await _answers.Writer.WriteAsync(answer, ended);
            subscriptions.Wake();
        }
    }

    /// <summary>Ends silently when the stream does: the reader knows why.</summary>
    private async Task WriteAsync(CancellationToken ended)
    {
        do
        {
            while (_answers.Reader.TryRead(out var request) || subscriptions.TryTakeRequest(out request))
            {
                if (!_nodeSent)
                {
                    request.Node = node;
                    _nodeSent = true;
                }
                if (!await call.WriteAsync(request, ended))
                    return;
            }
        }
        while (await subscriptions.WaitForChangeAsync(ended));
    }
}
