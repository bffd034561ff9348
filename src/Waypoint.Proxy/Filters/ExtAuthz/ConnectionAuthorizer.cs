using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Requests;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Snapshots;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>Asks an outside service about an opaque connection (<c>envoy.filters.network.ext_authz</c>).</summary>
internal static class ConnectionAuthorizer
{
    /// <summary>The answer; its metadata are noted.</summary>
    public static async Task<CheckAnswer> AskAsync(
        NetworkExtAuthzFilterConfig filter, TunnelContext context, DynamicMetadata metadata, RuntimeSnapshot snapshot, TimeProvider time, CancellationToken cancellation)
    {
        CheckAnswer answer = await GrpcAuthorizer.AskAsync(snapshot, filter.Service, CheckRequestWriter.OfConnection(context), time, cancellation).ConfigureAwait(false);
        if (answer.Metadata is { } fields)
        {
            metadata.Merge(NetworkExtAuthzFilterConfig.MetadataNamespace, fields);
        }

        return answer;
    }
}
