using Waypoint.Model.Headers;

namespace Waypoint.Model.Filters.ExtAuthz;

/// <summary>A service that decides about requests, behind one of our own clusters. Immutable.</summary>
/// <param name="Cluster">Cluster it stands behind.</param>
/// <param name="Timeout">Time for an answer; zero: as long as the client waits.</param>
/// <param name="Headers">Headers (or gRPC metadata) of every question; they replace those of the client's request.</param>
public abstract record AuthorizerService(string Cluster, TimeSpan Timeout, IReadOnlyList<KeyValuePair<string, HeaderFormat>> Headers)
{
    /// <summary>Whether it is told headers that no list names.</summary>
    public abstract bool TellsUnlisted { get; }

    /// <summary>Whether it is told a header whatever the allowed ones are.</summary>
    public abstract bool AlwaysTells(string name);
}
