using Google.Protobuf.WellKnownTypes;

namespace Waypoint.Xds.Decoding;

/// <summary>Reads <c>google.protobuf.Duration</c> fields.</summary>
public static class DurationDecoder
{
    private const long MaxSeconds = 10L * 365 * 24 * 3600;

    /// <summary>Null if <paramref name="duration"/> is absent; a problem (and null) if it is negative, malformed or longer than ten years.</summary>
    public static TimeSpan? Decode(Duration? duration, string name, DecodeContext context)
    {
        if (duration is null)
            return null;
        if (duration.Seconds < 0 || duration.Nanos is < 0 or > 999_999_999 || duration.Seconds > MaxSeconds)
        {
            context.RefuseValue(name, $"{duration.Seconds}s {duration.Nanos}ns", $"0s-{MaxSeconds}s");
            return null;
        }

        return TimeSpan.FromTicks(duration.Seconds * TimeSpan.TicksPerSecond + duration.Nanos / TimeSpan.NanosecondsPerTick);
    }
}
