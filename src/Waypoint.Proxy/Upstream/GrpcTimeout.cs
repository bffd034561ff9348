using System.Globalization;
using Waypoint.Model.Routes;

namespace Waypoint.Proxy.Upstream;

/// <summary>The deadline a gRPC client asks for by <c>grpc-timeout</c> (at most 8 digits and a unit, gRPC over HTTP/2).</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    /// <summary>The request's timeout under <paramref name="action"/>: <c>max_grpc_timeout</c> lets the header count, capped unless it is zero. Zero: none.</summary>
    public static TimeSpan Effective(ForwardAction action, string? header)
    {
        if (action.MaxGrpcTimeout is not { } cap)
        {
            return action.EffectiveTimeout;
        }

        TimeSpan wanted = TryParse(header, out TimeSpan value) ? value : TimeSpan.Zero;
        if (wanted > TimeSpan.Zero && action.GrpcTimeoutOffset is { } offset && offset < wanted)
        {
            wanted -= offset;
        }

        return cap > TimeSpan.Zero && (wanted > cap || wanted == TimeSpan.Zero) ? cap : wanted;
    }

    /// <summary>False for a header that is absent or malformed: then there is no deadline.</summary>
    public static bool TryParse(string? header, out TimeSpan timeout)
    {
        timeout = TimeSpan.Zero;
        if (header is null || header.Length < 2 || header.Length > MaxDigits + 1
            || !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long amount))
        {
            return false;
        }

        double seconds = header[^1] switch
        {
            'H' => amount * 3600.0,
            'M' => amount * 60.0,
            'S' => amount,
            'm' => amount / 1e3,
            'u' => amount / 1e6,
            'n' => amount / 1e9,
            _ => -1,
        };
        if (seconds < 0)
        {
            return false;
        }

        // A timer cannot wait longer than 49 days; a longer deadline is none.
        timeout = seconds >= TimeSpan.FromDays(49).TotalSeconds ? TimeSpan.Zero : TimeSpan.FromSeconds(seconds);
        return true;
    }
}
