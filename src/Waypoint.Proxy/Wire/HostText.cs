namespace Waypoint.Proxy.Wire;

/// <summary>Tells hosts that the inner server takes from those that it refuses although they are allowed.</summary>
internal static class HostText
{
    /// <summary>Whether the bytes may stand in a Host header at all.</summary>
    public static bool IsValid(ReadOnlySpan<byte> host) => !host.ContainsAnyExcept(Http1Chars.Authority);

    /// <summary>Whether a valid host is of the form <c>name</c>, <c>name:port</c>, <c>[address]</c> or <c>[address]:port</c>.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> host)
    {
        if (host is [(byte)'[', ..])
        {
            int end = host.IndexOf((byte)']');
            return end > 2 && !host[1..end].ContainsAnyExcept(Http1Chars.AddressText) && IsPort(host[(end + 1)..]);
        }

        int name = host.IndexOfAnyExcept(Http1Chars.HostName);
        return name < 0 ? !host.IsEmpty : name > 0 && IsPort(host[name..]);
    }

    /// <summary>Whether the port, if there is one, can exist.</summary>
    public static bool HasPossiblePort(ReadOnlySpan<byte> host)
    {
        int colon = host.LastIndexOf((byte)':');
        if (colon < 0 || host.LastIndexOf((byte)']') > colon)
        {
            return true;
        }

        return HeaderKinds.TryParseLength(host[(colon + 1)..], out long port) && port <= ushort.MaxValue;
    }

    private static bool IsPort(ReadOnlySpan<byte> port) => port.IsEmpty || (port.Length > 1 && port[0] == ':' && !port[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
}
