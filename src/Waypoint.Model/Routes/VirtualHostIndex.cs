using System.Collections.Frozen;

namespace Waypoint.Model.Routes;

/// <summary>Finds the virtual host of an authority: the exact domain, else the longest <c>*suffix</c>, else the longest <c>prefix*</c>, else <c>*</c>. A star
/// stands for at least one character; case does not count.</summary>
internal sealed class VirtualHostIndex
{
    private static readonly FrozenDictionary<string, VirtualHost>.AlternateLookup<ReadOnlySpan<char>> NoExact = Lookup(new(StringComparer.OrdinalIgnoreCase));

    internal static readonly VirtualHostIndex Empty = new([]);

    private readonly FrozenDictionary<string, VirtualHost>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly bool _onlyDefault;
    private readonly Wildcard[] _suffixes;
    private readonly Wildcard[] _prefixes;
    private readonly VirtualHost? _default;

    internal VirtualHostIndex(VirtualHost[] virtualHosts)
    {
        // A waypoint has a table for every port of every service, and nearly all hold one virtual host for any authority.
        Dictionary<string, VirtualHost>? exact = null;
        List<Wildcard>? suffixes = null;
        List<Wildcard>? prefixes = null;
        foreach (var virtualHost in virtualHosts)
        {
            foreach (var domain in virtualHost.Domains)
            {
                if (domain == "*")
                    _default ??= virtualHost;
                else if (domain.StartsWith('*'))
                    (suffixes ??= []).Add(new Wildcard(domain[1..], virtualHost));
                else if (domain.EndsWith('*'))
                    (prefixes ??= []).Add(new Wildcard(domain[..^1], virtualHost));
                else
                    (exact ??= new(StringComparer.OrdinalIgnoreCase)).TryAdd(domain, virtualHost);
            }
        }

        _suffixes = LongestFirst(suffixes);
        _prefixes = LongestFirst(prefixes);
        _onlyDefault = exact is null && suffixes is null && prefixes is null;
        _exact = exact is null ? NoExact : Lookup(exact);
    }

    internal VirtualHost? Find(string? authority, bool ignorePort)
    {
        if (_onlyDefault)
            return _default;
        if (string.IsNullOrEmpty(authority))
            return null;

        var host = ignorePort ? Requests.HostName.WithoutPort(authority) : authority;
        if (_exact.TryGetValue(host, out var found))
            return found;
        foreach (var suffix in _suffixes)
        {
            if (host.Length > suffix.Text.Length && host.EndsWith(suffix.Text, StringComparison.OrdinalIgnoreCase))
                return suffix.VirtualHost;
        }

        foreach (var prefix in _prefixes)
        {
            if (host.Length > prefix.Text.Length && host.StartsWith(prefix.Text, StringComparison.OrdinalIgnoreCase))
                return prefix.VirtualHost;
        }

        return _default;
    }

    private static FrozenDictionary<string, VirtualHost>.AlternateLookup<ReadOnlySpan<char>> Lookup(Dictionary<string, VirtualHost> exact) =>
        exact.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static Wildcard[] LongestFirst(List<Wildcard>? wildcards)
    {
        if (wildcards is null)
            return [];
        wildcards.Sort(static (left, right) => right.Text.Length.CompareTo(left.Text.Length));
        return [.. wildcards];
    }

    private readonly record struct Wildcard(string Text, VirtualHost VirtualHost);
}
