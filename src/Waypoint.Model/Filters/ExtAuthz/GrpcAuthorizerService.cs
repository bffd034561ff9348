using Waypoint.Model.Headers;

namespace Waypoint.Model.Filters.ExtAuthz;

/// <summary>A service that speaks <c>envoy.service.auth.v3.Authorization</c> (<c>grpc_service.envoy_grpc</c>). Immutable.</summary>
/// <param name="Cluster"><c>envoy_grpc.cluster_name</c>.</param>
/// <param name="Authority"><c>envoy_grpc.authority</c>, or the cluster's name.</param>
/// <param name="Timeout"><c>timeout</c>; default 200 ms.</param>
/// <param name="Headers"><c>initial_metadata</c>.</param>
/// <param name="MaxAnswerBytes"><c>envoy_grpc.max_receive_message_length</c>.</param>
public sealed record GrpcAuthorizerService(
    string Cluster, string Authority, TimeSpan Timeout, IReadOnlyList<KeyValuePair<string, HeaderFormat>> Headers, int MaxAnswerBytes)
    : AuthorizerService(Cluster, Timeout, Headers)
{
    /// <summary>Default of <see cref="AuthorizerService.Timeout"/>, Envoy's.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public override bool TellsUnlisted => true;

    /// <inheritdoc/>
    public override bool AlwaysTells(string name) => false;
}
