namespace Waypoint.Grpc;

/// <summary>One entry of metadata or trailers. Binary values (<c>-bin</c>) stay in base64.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Value">ASCII.</param>
public readonly record struct GrpcHeader(string Name, string Value);
