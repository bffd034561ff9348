using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace Waypoint.Xds.Decoding;

/// <summary>Reads scalars with a range and a default; what lies outside refuses the subject.</summary>
internal static class ScalarFields
{
    private static readonly TimeSpan LongestLimit = TimeSpan.FromDays(1);

    /// <summary>A duration of zero or more, or <paramref name="absent"/>.</summary>
    public static TimeSpan ReadDuration(this DecodeContext context, Duration? duration, string name, TimeSpan absent) =>
        DurationDecoder.Decode(duration, name, context) ?? absent;

    /// <summary>A time limit above zero, or <paramref name="absent"/>. More than a day is taken as a day: no timer goes on for years, and nobody waits that long.</summary>
    public static TimeSpan ReadTimeLimit(this DecodeContext context, Duration? duration, string name, TimeSpan absent)
    {
        TimeSpan limit = context.ReadDuration(duration, name, absent);
        if (limit == TimeSpan.Zero)
            context.RefuseValue(name, "0s", "more than 0s");
        return limit < LongestLimit ? limit : LongestLimit;
    }

    /// <summary>A number within bounds, or <paramref name="absent"/>.</summary>
    public static uint ReadNumber(this DecodeContext context, uint? number, string name, uint absent, uint min, uint max)
    {
        if (number is not { } value)
            return absent;
        if (value >= min && value <= max)
            return value;

        context.RefuseValue(name, value.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{min}-{max}"));
        return absent;
    }
}
