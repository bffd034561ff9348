using System.Net;
using Waypoint.Model.Matching;

namespace Waypoint.Offline;

/// <summary>A request (or opaque connection) that somebody asks about.</summary>
internal sealed record AuthorizationQuestion
{
    /// <summary>The client's identity; null: it has none.</summary>
    public string? Principal { get; init; }

    /// <summary>The client pod's address; null: not said, so that no block of addresses fits.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Address of the service; null if it was named.</summary>
    public IPAddress? Destination { get; init; }

    /// <summary>Host of the service, if it was named instead of its address.</summary>
    public string? Service { get; init; }

    /// <summary>Port of the service.</summary>
    public required int Port { get; init; }

    /// <summary>True: bytes that are no HTTP.</summary>
    public bool IsTcp { get; init; }

    /// <summary>The method.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Host or :authority.</summary>
    public string Host { get; init; } = "";

    /// <summary>Path with query, as sent.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Header lines, names in lower case.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Claims of a token that was found good; null: no token.</summary>
    public MetadataValue? Claims { get; init; }
}
