namespace Waypoint.Proxy;

/// <summary>What a timer can wait for. A limit from the configuration may be longer: the protobuf Duration reaches 10,000 years.</summary>
internal static class TimerLimit
{
    /// <summary>Just under the 2^32 - 2 milliseconds of a timer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    /// <summary>True if something ends at the limit within anybody's patience: it is above zero, and a timer can wait for it.</summary>
    public static bool IsSet(TimeSpan limit) => limit > TimeSpan.Zero && limit < Longest;

    /// <summary>What to arm a timer with: the limit, or never if no timer can wait for it.</summary>
    public static TimeSpan OrNever(TimeSpan limit) => limit < Longest ? limit : Timeout.InfiniteTimeSpan;
}
