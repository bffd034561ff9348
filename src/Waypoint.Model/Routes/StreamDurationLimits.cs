namespace Waypoint.Model.Routes;

/// <summary><c>RouteAction.MaxStreamDuration</c>.</summary>
/// <param name="MaxStreamDuration"><c>max_stream_duration</c>; null: the connection manager's; zero: unlimited.</param>
/// <param name="GrpcTimeoutHeaderMax"><c>grpc_timeout_header_max</c>; null: the header is not honoured; zero: without cap.</param>
/// <param name="GrpcTimeoutHeaderOffset"><c>grpc_timeout_header_offset</c>, taken off the header's value; null: nothing.</param>
public sealed record StreamDurationLimits(TimeSpan? MaxStreamDuration, TimeSpan? GrpcTimeoutHeaderMax, TimeSpan? GrpcTimeoutHeaderOffset);
