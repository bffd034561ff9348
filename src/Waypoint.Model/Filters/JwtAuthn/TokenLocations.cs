using System.Buffers;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>Where the tokens of one provider, or of several, are looked for, and which headers only the filter may set. Immutable.</summary>
public sealed class TokenLocations
{
    /// <summary>Most tokens of one request that are looked at; a request with more has none that is accepted.</summary>
    public const int MaxTokens = 16;

    private static readonly SearchValues<char> TokenChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private readonly TokenLocation[] _locations;
    private readonly string[] _ownHeaders;

    private TokenLocations(TokenLocation[] locations, string[] ownHeaders)
    {
        _locations = locations;
        _ownHeaders = ownHeaders;
    }

    /// <summary>The places in the order in which they are searched.</summary>
    public IReadOnlyList<TokenLocation> Places => _locations;

    /// <summary>Headers that the filter sets from tokens: whatever the client sent there is removed.</summary>
    public IReadOnlyList<string> OwnHeaders => _ownHeaders;

    /// <summary>The places of one provider.</summary>
    public static TokenLocations Of(JwtProviderConfig provider) => Of([provider]);

    /// <summary>The places of several providers; what is the same place for two is searched once, for the issuers of both.</summary>
    public static TokenLocations Of(IReadOnlyList<JwtProviderConfig> providers)
    {
        // Headers by name and prefix, then parameters, then cookies, each in the order of names: Envoy's order, which decides which bad token is named.
        var issuers = new SortedDictionary<(TokenPlace, string Key, string Name, string Prefix), List<string>>(
            Comparer<(TokenPlace Place, string Key, string Name, string Prefix)>.Create(static (left, right) =>
                left.Place != right.Place ? left.Place.CompareTo(right.Place) : string.CompareOrdinal(left.Key, right.Key)));
        var ownHeaders = new List<string>();
        foreach (var provider in providers)
        {
            if (provider is { FromHeaders.Count: 0, FromParameters.Count: 0, FromCookies.Count: 0 })
            {
                Add(TokenPlace.Header, "authorization", "Bearer ");
                Add(TokenPlace.QueryParameter, "access_token", "");
            }

            foreach (var header in provider.FromHeaders)
                Add(TokenPlace.Header, header.Key, header.Value);
            foreach (var parameter in provider.FromParameters)
                Add(TokenPlace.QueryParameter, parameter, "");
            foreach (var cookie in provider.FromCookies)
                Add(TokenPlace.Cookie, cookie, "");
            if (provider.ForwardPayloadHeader.Length > 0)
                ownHeaders.Add(provider.ForwardPayloadHeader);
            ownHeaders.AddRange(provider.ClaimHeaders.Select(static claim => claim.Header));

            void Add(TokenPlace place, string name, string prefix)
            {
                var key = (place, name + prefix, name, prefix);
                if (!issuers.TryGetValue(key, out var list))
                    issuers.Add(key, list = []);
                list.Add(provider.Issuer);
            }
        }

        return new TokenLocations([.. issuers.Select(static entry => new TokenLocation(entry.Key.Item1, entry.Key.Name, entry.Key.Prefix, entry.Value))], [.. ownHeaders.Distinct()]);
    }

    /// <summary>Finds tokens.</summary>
    /// <param name="headers">The request.</param>
    /// <param name="found">Takes them in order.</param>
    /// <returns>How many there are; more than <paramref name="found"/> takes if there are too many.</returns>
    public int Extract<THeaders>(in THeaders headers, Span<FoundToken> found)
        where THeaders : struct, IHeaderView
    {
        var count = 0;
        foreach (var location in _locations)
        {
            switch (location.Place)
            {
                case TokenPlace.Header:
                    ExtractHeader(location, headers, found, ref count);
                    break;
                case TokenPlace.QueryParameter:
                    if (headers.Count(HeaderNames.Path) > 0 && QueryParameters.TryGetFirst(headers.Get(HeaderNames.Path, 0), location.Name, out var parameter))
                        Put(new FoundToken(location, parameter), found, ref count);
                    break;
                default:
                    if (TryGetCookie(headers, location.Name, out var cookie))
                        Put(new FoundToken(location, cookie), found, ref count);
                    break;
            }
        }

        return count;
    }

    private static void Put(FoundToken token, Span<FoundToken> found, ref int count)
    {
        if (count < found.Length)
            found[count] = token;
        count++;
    }

    private static void ExtractHeader<THeaders>(TokenLocation location, in THeaders headers, Span<FoundToken> found, ref int count)
        where THeaders : struct, IHeaderView
    {
        var lines = headers.Count(location.Name);
        for (var i = 0; i < lines; i++)
        {
            var value = headers.Get(location.Name, i).AsMemory();
            if (location.Prefix.Length > 0)
            {
                // The prefix may stand anywhere, and what lies between it and the first character of a token is skipped.
                var at = value.Span.IndexOf(location.Prefix);
                if (at < 0)
                    continue;
                at += location.Prefix.Length;
                var start = value.Span[at..].IndexOfAny(TokenChars);
                if (start >= 0)
                    value = value[(at + start)..];
            }

            Put(new FoundToken(location, value), found, ref count);
        }
    }

    private static bool TryGetCookie<THeaders>(in THeaders headers, string name, out ReadOnlyMemory<char> value)
        where THeaders : struct, IHeaderView
    {
        var lines = headers.Count("cookie");
        for (var i = 0; i < lines; i++)
        {
            var line = headers.Get("cookie", i).AsMemory();
            foreach (var range in line.Span.Split(';'))
            {
                var part = line[range].Trim();
                var equals = part.Span.IndexOf('=');
                if (equals < 0 || !part.Span[..equals].SequenceEqual(name))
                    continue;
                value = part[(equals + 1)..];
                if (value.Length >= 2 && value.Span[0] == '"' && value.Span[^1] == '"')
                    value = value[1..^1];
                return true;
            }
        }

        value = default;
        return false;
    }
}
