namespace Waypoint.Proxy.Wire;

/// <summary>The framing of a body as its head announces it.</summary>
/// <param name="Kind">The form.</param>
/// <param name="Length">Bytes, for <see cref="BodyKind.Length"/>.</param>
internal readonly record struct BodyFraming(BodyKind Kind, long Length)
{
    /// <summary>No body.</summary>
    public static BodyFraming None => default;

    /// <summary>A length, which is no body if it is zero.</summary>
    public static BodyFraming OfLength(long length) => length == 0 ? None : new(BodyKind.Length, length);
}
