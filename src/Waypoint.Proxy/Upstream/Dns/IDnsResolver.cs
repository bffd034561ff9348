using Waypoint.Model.Clusters;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>Asks for the addresses of names. Thread-safe; never blocks the caller.</summary>
internal interface IDnsResolver
{
    /// <summary>One question, with the resolver's own time limit. What goes wrong is in the answer; only the token throws.</summary>
    /// <param name="name">The name.</param>
    /// <param name="family">Which addresses.</param>
    /// <param name="cancellation">Shutdown, or nobody needs the name any more.</param>
    ValueTask<DnsAnswer> ResolveAsync(string name, DnsLookupFamily family, CancellationToken cancellation);
}
