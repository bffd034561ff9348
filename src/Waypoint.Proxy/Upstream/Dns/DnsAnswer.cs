using System.Net;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>What a question for a name brought.</summary>
/// <param name="Addresses">The addresses, in the order of use; empty if the name has none.</param>
/// <param name="TimeToLive">How long they hold; null if nobody said.</param>
/// <param name="Problem">Why there was no answer; null if there was one, with addresses or without.</param>
internal sealed record DnsAnswer(IReadOnlyList<IPAddress> Addresses, TimeSpan? TimeToLive, string? Problem)
{
    /// <summary>No answer.</summary>
    public static DnsAnswer Failed(string problem) => new([], null, problem);
}
