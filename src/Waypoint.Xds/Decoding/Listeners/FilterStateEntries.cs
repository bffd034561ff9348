using Google.Protobuf.Collections;
using Waypoint.Protos.Envoy.Extensions.Filters.Common.SetFilterState.V3;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>What <c>set_filter_state</c> filters of istiod put on a connection. Our pipeline carries these facts by itself, so the filters have nothing to do;
/// but only as long as key and value are the known ones, since policies and matchers read them.</summary>
internal static class FilterStateEntries
{
    /// <summary>The filter of this name computes a destination address with CEL, for clusters that dial the original destination.</summary>
    private const string DestinationAddressKey = "envoy.network.transport_socket.original_dst_address";

    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["envoy.filters.listener.original_dst.local_ip"] =
        [
            "%REQ(:AUTHORITY)%",
            "%FILTER_STATE(envoy.filters.listener.original_dst.local_ip:PLAIN)%",
            "%DYNAMIC_METADATA(envoy.filters.listener.original_dst:local)%",
        ],
        ["envoy.filters.listener.original_dst.remote_ip"] = ["%DOWNSTREAM_REMOTE_ADDRESS%"],
        ["io.istio.connect_authority"] = ["%REQ(:AUTHORITY)%"],
        ["io.istio.peer_principal"] = ["%DOWNSTREAM_PEER_URI_SAN%"],
        ["io.istio.local_principal"] = ["%DOWNSTREAM_LOCAL_URI_SAN%"],
        ["io.istio.source"] = ["%REQ(x-istio-source)%", "%REQ(X-ISTIO-SOURCE)%"],
        ["istio.double_hbone.hbone_target_address"] = ["%DYNAMIC_METADATA(istio:double_hbone:hbone_target_address)%"],
    };

    /// <summary>Refuses every entry that is not one of the known ones.</summary>
    public static void Check(RepeatedField<FilterStateValue> entries, string field, DecodeContext context)
    {
        foreach (FilterStateValue entry in entries)
        {
            string value = entry.FormatString?.TextFormatSource?.InlineString ?? "";
            if (entry.ObjectKey == DestinationAddressKey && value.StartsWith("%CEL(", StringComparison.Ordinal))
                continue;
            if (!Known.TryGetValue(entry.ObjectKey, out string[]? accepted))
                context.RefuseValue($"{field}.object_key", $"'{entry.ObjectKey}'", "a key that istiod sets on tunnels");
            else if (!accepted.Contains(value))
                context.RefuseValue($"{field}.format_string of '{entry.ObjectKey}'", $"'{value}'", string.Join(" or ", accepted));
        }
    }
}
