using System.Globalization;

namespace Waypoint.Model.Grpc;

/// <summary>The deadline that a gRPC client asks for by <c>grpc-timeout</c>: at most eight digits and a unit (gRPC over HTTP/2).</summary>
public static class GrpcDeadline
{
    /// <summary>The header.</summary>
    public const string HeaderName = "grpc-timeout";

    private const ulong MaxAmount = 99_999_999;

    /// <summary>Reads the header's value in milliseconds, rounded up; false for one that is absent or malformed.</summary>
    public static bool TryParse(string? value, out ulong milliseconds)
    {
        milliseconds = 0;
        if (string.IsNullOrEmpty(value)
            || !ulong.TryParse(value.AsSpan(0, value.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            || amount > MaxAmount)
        {
            return false;
        }

        switch (value[^1])
        {
            case 'H':
                milliseconds = amount * 3_600_000;
                return true;
            case 'M':
                milliseconds = amount * 60_000;
                return true;
            case 'S':
                milliseconds = amount * 1000;
                return true;
            case 'm':
                milliseconds = amount;
                return true;
            case 'u':
                milliseconds = (amount + 999) / 1000;
                return true;
            case 'n':
                milliseconds = (amount + 999_999) / 1_000_000;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes a value in the finest unit that eight digits suffice for; longer than they can say: as long as they can.</summary>
    public static string Format(ulong milliseconds)
    {
        if (milliseconds <= MaxAmount)
            return Text(milliseconds, 'm');
        var amount = milliseconds / 1000;
        if (amount <= MaxAmount)
            return Text(amount, 'S');
        amount /= 60;
        return amount <= MaxAmount ? Text(amount, 'M') : Text(Math.Min(amount / 60, MaxAmount), 'H');
    }

    private static string Text(ulong amount, char unit) => amount.ToString(CultureInfo.InvariantCulture) + unit;
}
