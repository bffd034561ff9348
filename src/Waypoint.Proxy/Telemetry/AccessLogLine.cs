using System.Globalization;
using System.Text;

namespace Waypoint.Proxy.Telemetry;

/// <summary>Formats one <see cref="AccessLogRecord"/> as Istio's default text line (MeshConfig.accessLogFormat unset).</summary>
internal static class AccessLogLine
{
    /// <summary>Appends the line with its final newline: the chain's own, if it has one.</summary>
    public static void Append(StringBuilder target, in AccessLogRecord entry)
    {
        if (entry.Line is not null)
        {
            target.Append(entry.Line);
            return;
        }

        CultureInfo culture = CultureInfo.InvariantCulture;
        target.Append(culture, $"[{entry.StartTime.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}] \"{OrDash(entry.Method)} {OrDash(entry.Path)} {OrDash(entry.Protocol)}\" ");
        target.Append(culture, $"{entry.Status} {OrDash(entry.Flags)} {OrDash(entry.Details)} {OrDash(entry.TerminationDetails)} \"{OrDash(entry.TransportFailure)}\" ");
        target.Append(culture, $"{entry.BytesReceived} {entry.BytesSent} {(long)entry.Duration.TotalMilliseconds} ");
        if (entry.UpstreamServiceTime is { } serviceTime)
        {
            target.Append(culture, $"{(long)serviceTime.TotalMilliseconds} ");
        }
        else
        {
            target.Append("- ");
        }

        target.Append(culture, $"\"{OrDash(entry.ForwardedFor)}\" \"{OrDash(entry.UserAgent)}\" \"{OrDash(entry.RequestId)}\" \"{OrDash(entry.Authority)}\" ");
        target.Append(culture, $"\"{OrDash(entry.UpstreamHost)}\" {OrDash(entry.UpstreamCluster)} {OrDash(entry.UpstreamLocalAddress)} ");
        target.Append(culture, $"{OrDash(entry.DownstreamLocalAddress)} {OrDash(entry.DownstreamRemoteAddress)} {OrDash(entry.RequestedServerName)} {OrDash(entry.RouteName)}\n");
    }

    private static string OrDash(string? value) => string.IsNullOrEmpty(value) ? "-" : value;
}
