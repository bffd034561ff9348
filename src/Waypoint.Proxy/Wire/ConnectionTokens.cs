using System.Text;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Matching;

namespace Waypoint.Proxy.Wire;

/// <summary>Applies what a request's <c>connection</c> and <c>upgrade</c> headers say about the others: headers that it names belong to this connection only and go no further.</summary>
internal sealed class ConnectionTokens
{
    private const int MaxNominated = 10;

    private readonly List<string> _kept = [];
    private readonly List<string> _nominated = [];

    /// <summary>True if the request asks for another protocol that is not ignored.</summary>
    public bool IsUpgrade { get; private set; }

    /// <summary>Rewrites the two headers and removes what they name. A fault if they name what they must not.</summary>
    public static WireFault? Apply(List<HeaderLine> lines, Http1Config config, out bool isUpgrade)
    {
        var tokens = new ConnectionTokens();
        WireFault? fault = tokens.Read(lines);
        isUpgrade = false;
        if (fault is not null)
        {
            return fault;
        }

        tokens.ReduceUpgrade(lines, config);
        tokens.Remove(lines);
        isUpgrade = tokens.IsUpgrade;
        return null;
    }

    private WireFault? Read(List<HeaderLine> lines)
    {
        int named = 0;
        foreach (HeaderLine line in lines)
        {
            if (line.Kind != HeaderKind.Connection)
            {
                continue;
            }

            foreach (string token in Encoding.Latin1.GetString(line.Value).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (++named > MaxNominated || !MayName(token))
                {
                    return WireFault.ConnectionHeader;
                }

                (BelongsHere(token) ? _kept : _nominated).Add(token);
            }
        }

        return null;
    }

    private static bool BelongsHere(string token) => IsOneOf(token, "close", "keep-alive", "upgrade");

    // What says who the client is, where the request goes or where it ends cannot be called off by the client.
    private static bool MayName(string token) =>
        !token.Contains(':', StringComparison.Ordinal)
        && !IsOneOf(token, "host", "content-length", "transfer-encoding", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto");

    private static bool IsOneOf(string token, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (string.Equals(token, name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private void ReduceUpgrade(List<HeaderLine> lines, Http1Config config)
    {
        bool asks = _kept.RemoveAll(static token => IsOneOf(token, "upgrade")) > 0;
        int at = lines.FindIndex(static line => line.Kind == HeaderKind.Upgrade);
        if (at < 0)
        {
            return;
        }

        string wanted = string.Join(", ", lines.FindAll(static line => line.Kind == HeaderKind.Upgrade).ConvertAll(static line => Encoding.Latin1.GetString(line.Value)));
        // HTTP/2 on a connection that began otherwise is not offered; the request is one of HTTP/1.1.
        string left = IsOneOf(wanted, "h2c") ? "" : WithoutIgnored(wanted, config.IgnoredUpgrades);
        lines.RemoveAll(static line => line.Kind == HeaderKind.Upgrade);
        IsUpgrade = asks && left.Length > 0;
        if (IsUpgrade)
        {
            _kept.Add("upgrade");
            lines.Insert(Math.Min(at, lines.Count), new HeaderLine("Upgrade"u8.ToArray(), Encoding.Latin1.GetBytes(left)));
        }
    }

    private static string WithoutIgnored(string wanted, IReadOnlyList<StringMatcher> ignored)
    {
        if (ignored.Count == 0)
        {
            return wanted;
        }

        var left = new List<string>();
        foreach (string protocol in wanted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            bool skip = false;
            foreach (StringMatcher matcher in ignored)
            {
                skip |= matcher.Matches(protocol);
            }

            if (!skip)
            {
                left.Add(protocol);
            }
        }

        return string.Join(", ", left);
    }

    private void Remove(List<HeaderLine> lines)
    {
        int at = lines.FindIndex(static line => line.Kind == HeaderKind.Connection);
        lines.RemoveAll(line => line.Kind == HeaderKind.Connection || IsNominated(line));
        if (_kept.Count > 0 && at >= 0)
        {
            lines.Insert(Math.Min(at, lines.Count), new HeaderLine("Connection"u8.ToArray(), Encoding.Latin1.GetBytes(string.Join(", ", _kept))));
        }
    }

    // "te" is named by everybody who sends it, and looked at later.
    private bool IsNominated(HeaderLine line) =>
        _nominated.Count > 0 && Encoding.Latin1.GetString(line.Name) is var name && !IsOneOf(name, "te") && _nominated.Exists(token => IsOneOf(token, name));
}
