using System.Text.Json;
using Waypoint.Model.Routes;

namespace Waypoint.Conformance.Tests.Routes;

/// <summary>Settings of a route as <c>expect.route_policy</c> names them.</summary>
internal static class RoutePolicyAssertions
{
    internal static void Check(RouteMatch match, JsonElement policy)
    {
        foreach (var expected in policy.EnumerateObject())
        {
            var actual = Setting(match, (ForwardAction)match.Route!.Action, expected.Name);
            Assert.True(Same(expected.Value, actual), $"{expected.Name}: expected {expected.Value.GetRawText()}, found {actual ?? "null"}");
        }
    }

    private static object? Setting(RouteMatch match, ForwardAction action, string name)
    {
        switch (name)
        {
            case "priority":
                return action.HighPriority ? "HIGH" : "DEFAULT";
            case "timeout_ms":
                return action.EffectiveTimeout;
            case "idle_timeout_ms":
                return action.IdleTimeout;
            case "max_grpc_timeout_ms" or "maxGrpcTimeout":
                return action.MaxGrpcTimeout;
            case "grpcTimeoutOffset" or "grpc_timeout_offset_ms":
                return action.GrpcTimeoutOffset;
            case "max_stream_duration_ms":
                return action.MaxStreamDuration?.MaxStreamDuration;
            case "grpc_timeout_header_max_ms":
                return action.MaxStreamDuration?.GrpcTimeoutHeaderMax;
            case "grpc_timeout_header_offset_ms":
                return action.MaxStreamDuration?.GrpcTimeoutHeaderOffset;
            case "cluster_not_found_status":
                return (double)action.ClusterNotFoundStatus;
            case "auto_host_rewrite":
                return action.HostRewrite?.UsesEndpointName ?? false;
            case "includeAttemptCountInRequest":
                return match.VirtualHost!.AttemptCountInRequest;
            case "includeAttemptCountInResponse":
                return match.VirtualHost!.AttemptCountInResponse;
            case "includeIsTimeoutRetryHeader":
                return match.VirtualHost!.TimeoutRetryHeader;
            case "requestBodyBufferLimit" or "retryShadowBufferLimit":
                return (double?)match.Route!.BodyBufferLimit;
            default:
                Assert.Fail($"the runner does not know route_policy.{name}");
                return null;
        }
    }

    private static bool Same(JsonElement expected, object? actual) => expected.ValueKind switch
    {
        JsonValueKind.Null => actual is null,
        JsonValueKind.Number => actual switch
        {
            TimeSpan time => time.TotalMilliseconds == expected.GetDouble(),
            double number => number == expected.GetDouble(),
            _ => false,
        },
        JsonValueKind.String => expected.GetString() == actual as string,
        _ => actual is bool flag && expected.GetBoolean() == flag,
    };
}
