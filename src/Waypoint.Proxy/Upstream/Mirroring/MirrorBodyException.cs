namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>The copy of a body ended before the body did.</summary>
internal sealed class MirrorBodyException(string message) : IOException(message);
