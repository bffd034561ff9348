using System.Globalization;

namespace Waypoint.Grpc.Framing;

/// <summary><c>grpc-timeout</c>: at most eight digits and a unit.</summary>
internal static class TimeoutHeader
{
    private const long MaxValue = 99_999_999;

    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
            return "1n";
        var microseconds = timeout.Ticks / TimeSpan.TicksPerMicrosecond;
        if (microseconds is > 0 and <= MaxValue)
            return Text(microseconds, 'u');
        var milliseconds = timeout.Ticks / TimeSpan.TicksPerMillisecond;
        if (milliseconds is > 0 and <= MaxValue)
            return Text(milliseconds, 'm');
        var seconds = timeout.Ticks / TimeSpan.TicksPerSecond;
        if (seconds is > 0 and <= MaxValue)
            return Text(seconds, 'S');
        return microseconds == 0 ? Text(timeout.Ticks * 100, 'n') : Text(Math.Min(MaxValue, timeout.Ticks / TimeSpan.TicksPerHour), 'H');
    }

    public static bool TryParse(string header, out TimeSpan timeout)
    {
        timeout = default;
        if (header.Length is < 2 or > 9 || !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return false;
        var ticks = header[^1] switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            'n' => 0,
            _ => -1L,
        };
        if (ticks < 0)
            return false;
        timeout = TimeSpan.FromTicks(ticks == 0 ? value / 100 : Math.Min(value, long.MaxValue / ticks) * ticks);
        return true;
    }

    private static string Text(long value, char unit) => value.ToString(CultureInfo.InvariantCulture) + unit;
}
