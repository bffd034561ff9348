namespace Waypoint.Load.Mesh;

/// <summary>A port of a service.</summary>
/// <param name="Number">What clients ask for.</param>
/// <param name="Target">What the pods listen on.</param>
/// <param name="Name">Its name in the Service.</param>
/// <param name="Http">True for an HTTP chain, false for a TCP chain.</param>
/// <param name="Http2">True when the pods speak HTTP/2 there.</param>
internal sealed record ServicePort(int Number, int Target, string Name, bool Http, bool Http2);
