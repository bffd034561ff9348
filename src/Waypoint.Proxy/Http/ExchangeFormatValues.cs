using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Model.Failures;
using Waypoint.Model.Formatting;
using Waypoint.Model.Matching;

namespace Waypoint.Proxy.Http;

/// <summary>What format strings may ask of a request.</summary>
internal sealed class ExchangeFormatValues(HttpExchange exchange) : IFormatValues
{
    // Asking the operating system for each request would be a system call.
    private static readonly string MachineName = Environment.MachineName;

    public string? Header(FormatField field, string name) => field switch
    {
        FormatField.RequestHeader => new RequestHeaderView(exchange) is var request && request.Count(name) > 0 ? request.Get(name, 0) : null,
        FormatField.ResponseHeader => First(exchange.Context.Response.Headers, name),
        FormatField.ResponseTrailer => exchange.Context.Features.Get<IHttpResponseTrailersFeature>() is { } feature ? First(feature.Trailers, name) : null,
        _ => null,
    };

    public string? Text(FormatField field, string name) => field switch
    {
        FormatField.Protocol => exchange.Context.Request.Protocol,
        FormatField.UpstreamCluster or FormatField.UpstreamClusterRaw => exchange.Cluster,
        FormatField.UpstreamHost or FormatField.UpstreamHostName => exchange.Upstream?.LogName,
        FormatField.UpstreamTransportFailureReason => exchange.TransportFailure,
        FormatField.DownstreamRemoteAddress => ForwardedClient.AddressOf(exchange) is { } address && !address.Equals(exchange.Tunnel.Source.Address)
            ? new IPEndPoint(address, 0).ToString()
            : exchange.Tunnel.SourceText,
        FormatField.DownstreamDirectRemoteAddress => exchange.Tunnel.SourceText,
        FormatField.DownstreamLocalAddress or FormatField.DownstreamDirectLocalAddress => exchange.Tunnel.DestinationText,
        FormatField.RouteName => exchange.Match.Route?.Name,
        FormatField.VirtualHostName => exchange.Match.VirtualHost?.Name,
        FormatField.ResponseFlags => ExchangeFlags.Of(exchange, longForm: false),
        FormatField.ResponseFlagsLong => ExchangeFlags.Of(exchange, longForm: true),
        FormatField.ResponseCodeDetails => ExchangeRecord.DetailsOf(exchange, FailureTable.Of(exchange.Failure)),
        FormatField.Hostname => MachineName,
        FormatField.Environment => Environment.GetEnvironmentVariable(name),
        FormatField.FilterState => exchange.Tunnel.State.GetText(name),
        FormatField.StreamId => First(exchange.RequestHeaders, "x-request-id"),
        _ => null,
    };

    public long? Number(FormatField field) => field switch
    {
        FormatField.ResponseCode => exchange.Context.Response.StatusCode,
        FormatField.BytesReceived => exchange.Body?.TotalBytes ?? exchange.Context.Request.ContentLength ?? 0,
        FormatField.BytesSent => exchange.Context.Response.ContentLength,
        FormatField.Duration => (long)exchange.SinceStart().TotalMilliseconds,
        FormatField.UpstreamRequestAttemptCount => exchange.Attempts,
        _ => null,
    };

    public DateTimeOffset? Time(FormatField field) => field switch
    {
        FormatField.StartTime => exchange.StartTime.ToUniversalTime(),
        FormatField.StartTimeLocal => exchange.StartTime.ToLocalTime(),
        FormatField.EmitTime => exchange.Time.GetUtcNow(),
        _ => null,
    };

    public MetadataValue? Metadata(FormatField field, string filter) => field switch
    {
        FormatField.DynamicMetadata => exchange.Metadata.Get(filter),
        FormatField.RouteMetadata => exchange.Match.Route?.Metadata.Get(filter),
        _ => null,
    };

    private static string? First(IHeaderDictionary headers, string name) => headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;
}
