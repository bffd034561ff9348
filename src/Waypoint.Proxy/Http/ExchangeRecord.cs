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
            Line = toText ? exchange.Config?.AccessLogFormat?.Render(new AccessLogValues(exchange)) : null,
            StartTime = exchange.StartTime,
            Duration = exchange.SinceStart(),
            Method = exchange.Method,
            Path = exchange.OriginalPath,
            Protocol = request.Protocol,
            Status = StatusOf(exchange),
            Flags = FlagsOf(exchange),
            Details = DetailsOf(exchange),
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

    /// <summary>RESPONSE_CODE: 0 if nothing was answered.</summary>
    public static int StatusOf(HttpExchange exchange) =>
        FailureTable.Of(exchange.Failure).Status == 0 && !exchange.Context.Response.HasStarted ? 0 : exchange.Context.Response.StatusCode;

    /// <summary>RESPONSE_CODE_DETAILS.</summary>
    public static string DetailsOf(HttpExchange exchange) =>
        exchange.Details ?? (exchange.Failure == FailureReason.None && exchange.AnsweredLocally ? "direct_response" : FailureTable.Of(exchange.Failure).Details);

    private static string Joined(string flags, string last) => flags.Length == 0 ? last : flags + "," + last;

    /// <summary>RESPONSE_FLAGS in their short form; empty if there are none.</summary>
    public static string FlagsOf(HttpExchange exchange)
    {
        FailureRow row = FailureTable.Of(exchange.Failure);
        if (!exchange.RetriesExhausted && !exchange.DelayInjected)
        {
            return row.Flag;
        }

        // In the order of the flags, not of the events: only what stands for an upstream or a route comes before DI.
        string flags = row.Flag;
        if (exchange.DelayInjected)
        {
            flags = flags is "FI" or "DC" or "UPE" or "NC" or "DPE" ? "DI," + flags : Joined(flags, "DI");
        }

        return exchange.RetriesExhausted ? Joined(flags, "URX") : flags;
    }
}
