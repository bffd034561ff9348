using Waypoint.Model.Grpc;

namespace Waypoint.Model.Routes;

/// <summary>How long a stream may be open, whatever moves on it.</summary>
public static class StreamDuration
{
    /// <summary>The limit of a request; zero: none.</summary>
    /// <param name="action">Its route (<c>max_stream_duration</c>).</param>
    /// <param name="managerLimit"><c>max_stream_duration</c> of the connection manager; zero: none.</param>
    /// <param name="grpcTimeout"><c>grpc-timeout</c> of the request; null: absent. Counts only where the route has <c>grpc_timeout_header_max</c>.</param>
    public static TimeSpan Of(ForwardAction action, TimeSpan managerLimit, string? grpcTimeout)
    {
        if (action.MaxStreamDuration is not { } limits)
            return managerLimit;
        if (limits.GrpcTimeoutHeaderMax is not { } cap || !GrpcDeadline.TryParse(grpcTimeout, out var milliseconds))
            return limits.MaxStreamDuration ?? managerLimit;
        var wanted = TimeSpan.FromMilliseconds(milliseconds);
        if (cap > TimeSpan.Zero && wanted > cap)
            wanted = cap;
        return limits.GrpcTimeoutHeaderOffset is { } offset && offset < wanted ? wanted - offset : wanted;
    }
}
