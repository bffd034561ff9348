namespace Waypoint.Model.Requests;

/// <summary>Host and port of an authority such as <c>example.com:80</c> or <c>[::1]:80</c>.</summary>
public static class HostName
{
    /// <summary>True if the authority ends in a colon and digits outside brackets.</summary>
    public static bool HasPort(ReadOnlySpan<char> authority) => PortColon(authority) >= 0;

    /// <summary>The authority without its port.</summary>
    public static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> authority) => PortColon(authority) is >= 0 and var colon ? authority[..colon] : authority;

    /// <summary>The authority without its port if that is <paramref name="port"/> (<c>strip_matching_host_port</c>).</summary>
    public static ReadOnlySpan<char> WithoutMatchingPort(ReadOnlySpan<char> authority, int port) =>
        PortColon(authority) is >= 0 and var colon && int.TryParse(authority[(colon + 1)..], out var found) && found == port ? authority[..colon] : authority;

    /// <summary>The authority without a dot at the end of its host (<c>strip_trailing_host_dot</c>).</summary>
    public static string WithoutTrailingDot(string authority)
    {
        var dot = authority.LastIndexOf('.');
        if (dot < 0)
            return authority;
        if (dot == authority.Length - 1)
            return authority[..dot];
        // A dot never stands before a colon within an IPv6 address.
        return authority[dot + 1] == ':' ? string.Concat(authority.AsSpan(0, dot), authority.AsSpan(dot + 1)) : authority;
    }

    private static int PortColon(ReadOnlySpan<char> authority)
    {
        var colon = authority.LastIndexOf(':');
        // A colon before the closing bracket belongs to an IPv6 address.
        if (colon < 0 || colon == authority.Length - 1 || authority.LastIndexOf(']') > colon)
            return -1;
        return authority[(colon + 1)..].ContainsAnyExceptInRange('0', '9') ? -1 : colon;
    }
}
