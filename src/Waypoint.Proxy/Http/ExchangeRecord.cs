using Microsoft.AspNetCore.Http;
using Waypoint.Model.Failures;
using Waypoint.Proxy.Telemetry;

namespace Waypoint.Proxy.Http;

/// <summary>Makes the access-log record of a finished request.</summary>
internal static class ExchangeRecord
{
    public static AccessLogRecord Of(HttpExchange exchange, bool toText)
    {
        HttpRequest request = exchange.Context.Request;
        HttpResponse response = exchange.Context.Response;
        FailureRow row = FailureTable.Of(exchange.Failure);
        return new AccessLogRecord
        {
            Layer = "http",
            ToText = toText,
            Line = toText ? exchange.Config?.AccessLogFormat?.Render(exchange.FormatValues) : null,
            StartTime = exchange.StartTime,
            Duration = exchange.SinceStart(),
            Method = exchange.Method,
            Path = exchange.OriginalPath,
            Protocol = request.Protocol,
            Status = row.Status == 0 && !response.HasStarted ? 0 : response.StatusCode,
            Flags = ExchangeFlags.Of(exchange, longForm: false) is { } flags and not ResponseFlags.None ? flags : "",
            Details = DetailsOf(exchange, row),
            TransportFailure = exchange.TransportFailure,
            BytesReceived = exchange.Body?.TotalBytes ?? request.ContentLength ?? 0,
            BytesSent = response.ContentLength ?? 0,
            UpstreamServiceTime = exchange.UpstreamServiceTime,
            ForwardedFor = request.Headers["x-forwarded-for"],
            UserAgent = request.Headers.UserAgent,
            RequestId = request.Headers["x-request-id"],
            Authority = exchange.Authority,
            UpstreamHost = exchange.Upstream?.LogName,
            UpstreamCluster = exchange.Cluster,
            DownstreamLocalAddress = exchange.Tunnel.DestinationText,
            DownstreamRemoteAddress = exchange.Tunnel.SourceText,
            RouteName = exchange.Match.Route?.Name,
        };
    }

    /// <summary>RESPONSE_CODE_DETAILS.</summary>
    public static string DetailsOf(HttpExchange exchange, FailureRow row) =>
        exchange.Details ?? (exchange.Failure == FailureReason.None && exchange.AnsweredLocally ? ResponseDetails.DirectResponse : row.DetailsOf(exchange.TransportFailure));
}
