using System.Net;

namespace Waypoint.Hbone.Terminate;

/// <summary>Address of an in-process Kestrel endpoint that serves tunnels, such as <c>http1</c> and <c>http2</c>.</summary>
public sealed class TunnelEndPoint(string name) : EndPoint
{
    /// <summary>The name by which connections are dispatched.</summary>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TunnelEndPoint other && other.Name == Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"tunnel:{Name}";
}
