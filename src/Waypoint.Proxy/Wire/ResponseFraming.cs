namespace Waypoint.Proxy.Wire;

/// <summary>What follows a response's head.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">Framing of the body.</param>
internal readonly record struct ResponseFraming(int Status, BodyFraming Body)
{
    /// <summary>True if the real response is still to come.</summary>
    public bool IsInterim => Status is >= 100 and < 200 and not 101;

    /// <summary>The body by what the head and the request say (RFC 9112, 6.3).</summary>
    public static BodyFraming BodyOf(int status, ResponseContext context, BodyFraming declared, bool hasFraming)
    {
        if (status == 101 || (context.IsConnect && status is >= 200 and < 300))
        {
            return new(BodyKind.UntilEnd, 0);
        }

        if (context.IsHead || status is (>= 100 and < 200) or 204 or 304)
        {
            return BodyFraming.None;
        }

        return hasFraming ? declared : new(BodyKind.UntilEnd, 0);
    }
}
