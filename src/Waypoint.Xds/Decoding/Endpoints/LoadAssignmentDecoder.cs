using Google.Protobuf.Collections;
using Waypoint.Model.Endpoints;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Endpoint = Waypoint.Model.Endpoints.Endpoint;

namespace Waypoint.Xds.Decoding.Endpoints;

/// <summary><c>envoy.config.endpoint.v3.ClusterLoadAssignment</c> to <see cref="ClusterEndpoints"/>.</summary>
internal static class LoadAssignmentDecoder
{
    private const uint DefaultOverprovisioningPercent = 140;

    /// <summary>Decodes an assignment; problems are added to <paramref name="context"/>, and then the result must not be used.</summary>
    public static ClusterEndpoints Decode(ClusterLoadAssignment message, DecodeContext context)
    {
        if (message.NamedEndpoints.Count > 0)
            context.RefuseValue("named_endpoints", $"{message.NamedEndpoints.Count} entries", "none; endpoints stand in lb_endpoints");
        if (message.Policy?.DropOverloads.Count > 0)
            context.RefuseValue("policy.drop_overloads", $"{message.Policy.DropOverloads.Count} entries", "none");

        uint overprovisioning = context.ReadNumber(
            message.Policy?.OverprovisioningFactor, "policy.overprovisioning_factor", DefaultOverprovisioningPercent, 1, uint.MaxValue);
        if (message.Endpoints.Count == 0)
            return overprovisioning == DefaultOverprovisioningPercent ? ClusterEndpoints.Empty : new ClusterEndpoints([], overprovisioning);

        var localities = new LocalityEndpoints[message.Endpoints.Count];
        for (int i = 0; i < localities.Length; i++)
        {
            using DecodeScope scope = context.Field("endpoints", i);
            localities[i] = DecodeLocality(message.Endpoints[i], context);
        }

        return new ClusterEndpoints(localities, overprovisioning);
    }

    private static LocalityEndpoints DecodeLocality(LocalityLbEndpoints message, DecodeContext context)
    {
        if (message.LbConfigCase == LocalityLbEndpoints.LbConfigOneofCase.LedsClusterLocalityConfig)
            context.RefuseValue("leds_cluster_locality_config", "set", "absent; endpoints come with EDS");
        RepeatedField<LbEndpoint> sent = message.LoadBalancerEndpoints?.LbEndpoints ?? message.LbEndpoints;
        var endpoints = new Endpoint[sent.Count];
        for (int i = 0; i < endpoints.Length; i++)
        {
            using DecodeScope scope = context.Field("lb_endpoints", i);
            endpoints[i] = EndpointDecoder.Decode(sent[i], context);
        }

        return new LocalityEndpoints(
            SharedText.Of(message.Locality?.Region ?? ""),
            SharedText.Of(message.Locality?.Zone ?? ""),
            SharedText.Of(message.Locality?.SubZone ?? ""),
            message.Priority,
            message.LoadBalancingWeight ?? 0,
            endpoints);
    }
}
