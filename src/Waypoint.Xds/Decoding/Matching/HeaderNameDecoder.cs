using System.Buffers;

namespace Waypoint.Xds.Decoding.Matching;

/// <summary>Checks header names that come from configuration and lowers them, as header tables are asked in lower case.</summary>
public static class HeaderNameDecoder
{
    /// <summary>RFC 9110 token characters.</summary>
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Decodes field <paramref name="name"/> of the current message. A pseudo header's colon is allowed in front.</summary>
    public static string Decode(string value, string name, DecodeContext context)
    {
        if (!IsValid(value))
            context.RefuseValue(name, $"'{value}'", "a header name");
        // Header tables are asked in lower case.
#pragma warning disable CA1308
        return value.ToLowerInvariant();
#pragma warning restore CA1308
    }

    private static bool IsValid(string value)
    {
        var token = value.StartsWith(':') ? value.AsSpan(1) : value;
        return !token.IsEmpty && !token.ContainsAnyExcept(Token);
    }
}
