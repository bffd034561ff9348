namespace Waypoint.Model.Requests;

/// <summary>The tokens of <c>connection</c>, which nominate headers that end at this hop (RFC 9110, 7.6.1).</summary>
public static class ConnectionTokens
{
    /// <summary>The header.</summary>
    public const string HeaderName = "connection";

    /// <summary>With so many tokens somebody is trying something.</summary>
    private const int TooManyTokens = 10;

    private const int TooLongTe = 256;
    private const string Te = "te";
    private const string Trailers = "trailers";

    /// <summary>Removes what the header nominates, except <c>te: trailers</c>. False: the request has to be refused, because it nominates what says where it comes from or
    /// where it goes, or too much.</summary>
    public static bool TrySanitize<THeaders>(ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        if (headers.Count(HeaderName) == 0)
            return true;
        var tokens = Split(headers.Get(HeaderName, 0));
        if (tokens.Length >= TooManyTokens)
            return false;

        var dropped = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var token in tokens)
        {
            // Asked for in lower case.
#pragma warning disable CA1308
            var name = token.ToLowerInvariant();
#pragma warning restore CA1308
            switch (name)
            {
                case "close" or "http2-settings" or "keep-alive" or "upgrade":
                    continue;
                case HeaderName:
                    dropped.Add(token);
                    continue;
                case "x-forwarded-for" or "x-forwarded-host" or "x-forwarded-proto":
                    return false;
                case Te when headers.Count(Te) > 0:
                    if (headers.Get(Te, 0).Length >= TooLongTe)
                        return false;
                    if (NamesTrailers(headers.Get(Te, 0)))
                    {
                        headers.Set(Te, Trailers);
                        continue;
                    }

                    break;
            }

            if (name.StartsWith(':'))
                return false;
            headers.Remove(name);
            dropped.Add(token);
        }

        if (dropped.Count > 0)
            RemoveTokens(ref headers, HeaderName, dropped.Contains);
        return true;
    }

    /// <summary>Removes one token; the header goes when none is left.</summary>
    public static void Remove<THeaders>(ref THeaders headers, string token)
        where THeaders : struct, IMutableHeaders =>
        RemoveTokens(ref headers, HeaderName, found => found.Equals(token, StringComparison.OrdinalIgnoreCase));

    /// <summary>Removes tokens from a header that lists them with commas; the header goes when none is left.</summary>
    internal static void RemoveTokens<THeaders>(ref THeaders headers, string header, Func<string, bool> unwanted)
        where THeaders : struct, IMutableHeaders
    {
        if (headers.Count(header) == 0)
            return;
        var kept = string.Join(',', Split(headers.Get(header, 0)).Where(token => !unwanted(token)));
        if (kept.Length > 0)
            headers.Set(header, kept);
        else
            headers.Remove(header);
    }

    /// <summary>True if one of the tokens is <paramref name="token"/>, in any letter case.</summary>
    internal static bool Has(ReadOnlySpan<char> value, ReadOnlySpan<char> token)
    {
        foreach (var part in value.Split(','))
        {
            if (value[part].Trim().Equals(token, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool NamesTrailers(string te) => Has(te, Trailers);

    private static string[] Split(string value) => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
