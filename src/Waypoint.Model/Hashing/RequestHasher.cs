using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;

namespace Waypoint.Model.Hashing;

/// <summary>Makes the hash of a request from the route's <c>hash_policy</c>. Pure; allocates only to sort the lines of a repeated header, to rewrite one, and to make a cookie.</summary>
public static class RequestHasher
{
    /// <summary>Evaluates policies in order. The hash so far is rotated by one bit before the next is mixed in, so that equal ones do not cancel each other out.</summary>
    public static RequestHash Compute<THeaders>(IReadOnlyList<HashPolicy> policies, in RequestHashInput<THeaders> input)
        where THeaders : struct, IHeaderView
    {
        ulong? hash = null;
        List<GeneratedCookie>? cookies = null;
        for (int i = 0; i < policies.Count; i++)
        {
            HashPolicy policy = policies[i];
            if (Evaluate(policy, in input, ref cookies) is { } found)
                hash = BitOperations.RotateLeft(hash ?? 0, 1) ^ found;
            // A policy that found nothing itself ends the list too, if an earlier one did.
            if (policy.Terminal && hash is not null)
                break;
        }

        return new RequestHash(hash, cookies);
    }

    /// <summary>The hash of a client's address without its port, as text; null if it has none.</summary>
    public static ulong? OfAddress(IPAddress? address)
    {
        if (address is null || address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            return null;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<char> text = stackalloc char[64];
        return address.TryFormat(text, out int length) ? XxHash64.Of(text[..length]) : null;
    }

    private static ulong? Evaluate<THeaders>(HashPolicy policy, in RequestHashInput<THeaders> input, ref List<GeneratedCookie>? cookies)
        where THeaders : struct, IHeaderView
    {
        switch (policy)
        {
            case HashPolicy.Header header:
                return OfHeader(header, input.Headers);
            case HashPolicy.Cookie cookie:
                return OfCookie(cookie, in input, ref cookies);
            case HashPolicy.SourceIp:
                return OfAddress(input.Source);
            case HashPolicy.QueryParameter parameter:
                return QueryString.TryGetFirst(input.Path, parameter.Name, out ReadOnlySpan<char> value) ? XxHash64.Of(value) : null;
            case HashPolicy.FilterState state:
                return input.State?.GetText(state.Key) is { } text ? XxHash64.Of(text) : null;
            default:
                return null;
        }
    }

    private static ulong? OfHeader<THeaders>(HashPolicy.Header policy, in THeaders headers)
        where THeaders : struct, IHeaderView
    {
        int count = headers.Count(policy.Name);
        if (count == 0)
            return null;
        if (count == 1)
            return XxHash64.Of(Rewritten(policy, headers.Get(policy.Name, 0)));
        string[] values = new string[count];
        for (int i = 0; i < count; i++)
            values[i] = Rewritten(policy, headers.Get(policy.Name, i));
        // The order of lines must not matter.
        Array.Sort(values, StringComparer.Ordinal);
        ulong hash = 0;
        foreach (string value in values)
            hash = XxHash64.Of(value, hash);
        return hash;
    }

    private static string Rewritten(HashPolicy.Header policy, string value) => policy.Rewrite?.ReplaceAll(value) ?? value;

    private static ulong? OfCookie<THeaders>(HashPolicy.Cookie policy, in RequestHashInput<THeaders> input, ref List<GeneratedCookie>? cookies)
        where THeaders : struct, IHeaderView
    {
        ReadOnlySpan<char> value = CookieOf(policy.Name, input.Headers);
        if (!value.IsEmpty)
            return XxHash64.Of(value);
        if (policy.Ttl is null)
            return null;
        string made = XxHash64.Of(policy.Name, input.CookieSeed).ToString("x16", CultureInfo.InvariantCulture);
        (cookies ??= []).Add(new GeneratedCookie(policy, made));
        return XxHash64.Of(made);
    }

    private static ReadOnlySpan<char> CookieOf<THeaders>(string name, in THeaders headers)
        where THeaders : struct, IHeaderView
    {
        int lines = headers.Count("cookie");
        for (int i = 0; i < lines; i++)
        {
            ReadOnlySpan<char> line = headers.Get("cookie", i);
            foreach (Range part in line.Split(';'))
            {
                ReadOnlySpan<char> pair = line[part].TrimStart(' ');
                if (pair.Length <= name.Length || pair[name.Length] != '=' || !pair.StartsWith(name, StringComparison.Ordinal))
                    continue;
                ReadOnlySpan<char> value = pair[(name.Length + 1)..].TrimEnd(' ');
                return value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
            }
        }

        return [];
    }
}
