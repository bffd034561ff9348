using System.Globalization;
using Waypoint.Model.Headers;
using Waypoint.Model.Matching;

namespace Waypoint.Proxy.Http;

/// <summary>What format strings in header edits may ask of a request.</summary>
internal sealed class ExchangeFormatValues(HttpExchange exchange) : IFormatValues
{
    public string? Get(FormatField field, string argument) => field switch
    {
        FormatField.RequestHeader => new RequestHeaderView(exchange) is var request && request.Count(argument) > 0 ? request.Get(argument, 0) : null,
        FormatField.ResponseHeader => new ResponseHeaderEdits(exchange.Context.Response.Headers) is var response && response.Count(argument) > 0 ? response.Get(argument, 0) : null,
        FormatField.Protocol => exchange.Context.Request.Protocol,
        FormatField.ResponseCode => exchange.Context.Response.StatusCode.ToString(CultureInfo.InvariantCulture),
        FormatField.UpstreamCluster or FormatField.UpstreamClusterRaw => exchange.Cluster,
        FormatField.UpstreamHost => exchange.Upstream?.LogName,
        FormatField.DownstreamRemoteAddress => ForwardedClient.AddressOf(exchange) is { } address && !address.Equals(exchange.Tunnel.Source.Address)
            ? address + ":0"
            : exchange.Tunnel.SourceText,
        FormatField.DownstreamRemoteAddressWithoutPort => ForwardedClient.AddressOf(exchange)?.ToString(),
        FormatField.DownstreamRemotePort => exchange.Tunnel.Source.Port.ToString(CultureInfo.InvariantCulture),
        FormatField.DownstreamDirectRemoteAddress => exchange.Tunnel.SourceText,
        FormatField.DownstreamDirectRemoteAddressWithoutPort => exchange.Tunnel.Source.Address.ToString(),
        FormatField.DownstreamLocalAddress => exchange.Tunnel.DestinationText,
        FormatField.DownstreamLocalAddressWithoutPort => exchange.Tunnel.Destination?.Address.ToString(),
        FormatField.DownstreamLocalPort => exchange.Tunnel.Destination?.Port.ToString(CultureInfo.InvariantCulture),
        FormatField.RouteName => exchange.Match.Route?.Name,
        FormatField.StartTime => exchange.StartTime.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        FormatField.Hostname => Environment.MachineName,
        FormatField.DynamicMetadata => MetadataText.Render(exchange.Metadata, argument),
        FormatField.FilterState => exchange.Tunnel.State.GetText(KeyOf(argument)),
        _ => null,
    };

    // FILTER_STATE(key:PLAIN): the serialisation does not matter for text objects.
    private static string KeyOf(string argument) => argument.EndsWith(":PLAIN", StringComparison.Ordinal) || argument.EndsWith(":TYPED", StringComparison.Ordinal) ? argument[..^6] : argument;
}
