using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Waypoint.Model.Outliers;

/// <summary>An event as a line of JSON, in the form of Envoy's outlier log (<c>envoy.data.cluster.v3.OutlierDetectionEvent</c>).</summary>
public static class OutlierEventLine
{
    private static readonly string[] Reasons =
    [
        "CONSECUTIVE_5XX", "CONSECUTIVE_GATEWAY_FAILURE", "SUCCESS_RATE", "CONSECUTIVE_LOCAL_ORIGIN_FAILURE", "SUCCESS_RATE_LOCAL_ORIGIN", "FAILURE_PERCENTAGE",
        "FAILURE_PERCENTAGE_LOCAL_ORIGIN",
    ];

    /// <summary>The reason as Envoy names it.</summary>
    public static string NameOf(EjectionReason reason) => Reasons[(int)reason];

    /// <summary>The line, without its end.</summary>
    public static string Write(OutlierEvent happened, string cluster, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", NameOf(happened.Reason));
            json.WriteString("timestamp", now.UtcDateTime.ToString(now.Millisecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            if (happened.SinceLastAction is { } since)
                json.WriteString("secs_since_last_action", ((long)since.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            json.WriteString("cluster_name", cluster);
            json.WriteString("upstream_url", happened.Host.Name);
            json.WriteString("action", happened.IsEjection ? "EJECT" : "UNEJECT");
            json.WriteNumber("num_ejections", happened.Ejections);
            json.WriteBoolean("enforced", happened.Enforced);
            if (happened.IsEjection)
                WriteDetails(happened, json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteDetails(OutlierEvent happened, Utf8JsonWriter json)
    {
        switch (happened.Reason)
        {
            case EjectionReason.SuccessRate or EjectionReason.SuccessRateLocalOrigin:
                json.WriteStartObject("eject_success_rate_event");
                json.WriteNumber("host_success_rate", (uint)happened.HostSuccessRate);
                json.WriteNumber("cluster_average_success_rate", (uint)happened.Limit.Average);
                json.WriteNumber("cluster_success_rate_ejection_threshold", (uint)Math.Max(happened.Limit.EjectionThreshold, 0));
                break;
            case EjectionReason.FailurePercentage or EjectionReason.FailurePercentageLocalOrigin:
                json.WriteStartObject("eject_failure_percentage_event");
                json.WriteNumber("host_success_rate", (uint)happened.HostSuccessRate);
                break;
            default:
                json.WriteStartObject("eject_consecutive_event");
                break;
        }

        json.WriteEndObject();
    }
}
