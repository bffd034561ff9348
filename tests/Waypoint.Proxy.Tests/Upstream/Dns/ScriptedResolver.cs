using System.Collections.Concurrent;
using System.Net;
using Waypoint.Model.Clusters;
using Waypoint.Proxy.Upstream.Dns;

namespace Waypoint.Proxy.Tests.Upstream.Dns;

/// <summary>Answers as the test says; a name without a script never gets an answer.</summary>
internal sealed class ScriptedResolver : IDnsResolver
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<DnsAnswer>> _scripts = new();

    public ConcurrentQueue<string> Asked { get; } = new();

    public ScriptedResolver Answer(string name, int ttlSeconds, params string[] addresses) =>
        Script(name, new DnsAnswer([.. addresses.Select(IPAddress.Parse)], TimeSpan.FromSeconds(ttlSeconds), null));

    public ScriptedResolver Fail(string name, string problem) => Script(name, DnsAnswer.Failed(problem));

    public async ValueTask<DnsAnswer> ResolveAsync(string name, DnsLookupFamily family, CancellationToken cancellation)
    {
        Asked.Enqueue(name);
        if (_scripts.TryGetValue(name, out ConcurrentQueue<DnsAnswer>? script) && script.TryDequeue(out DnsAnswer? answer))
            return answer;
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        throw new InvalidOperationException("never");
    }

    private ScriptedResolver Script(string name, DnsAnswer answer)
    {
        _scripts.GetOrAdd(name, static _ => new()).Enqueue(answer);
        return this;
    }
}
