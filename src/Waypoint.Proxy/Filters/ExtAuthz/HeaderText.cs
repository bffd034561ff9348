using System.Buffers;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>What a service may put into a head: anything else would end a line or be another message.</summary>
internal static class HeaderText
{
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether a lower-case name, without a colon in front, is one.</summary>
    public static bool IsName(ReadOnlySpan<char> name) => !name.IsEmpty && !name.ContainsAnyExcept(Token);

    /// <summary>Whether a value can stand on one line.</summary>
    public static bool IsValue(ReadOnlySpan<char> value) => !value.ContainsAny('\0', '\r', '\n') && !value.ContainsAnyExceptInRange('\0', '\u00ff');

    /// <summary>Headers that say how a message is framed on its connection: they are the connection's own.</summary>
    public static bool IsFraming(string name) =>
        name is "content-length" or "transfer-encoding" or "connection" or "keep-alive" or "proxy-connection" or "upgrade" or "te" or "trailer";
}
