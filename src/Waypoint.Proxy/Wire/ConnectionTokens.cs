using System.Text;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Matching;

namespace Waypoint.Proxy.Wire;

/// <summary>Applies what a request's <c>connection</c> and <c>upgrade</c> headers say about the others: headers that it names belong to this connection only and go no further.</summary>
internal sealed class ConnectionTokens
{
    private const int MaxNominated = 10;

    private readonly List<string> _tokens = [];

    /// <summary>Rewrites the two headers and removes what they name. A fault if they name what they must not.</summary>
    public static WireFault? Apply(List<HeaderLine> lines, Http1Config config, out bool isUpgrade)
    {
        isUpgrade = false;
        var tokens = new ConnectionTokens();
        if (!tokens.TryRead(lines))
        {
            return WireFault.ConnectionHeader;
        }

        isUpgrade = tokens.ReduceUpgrade(lines, config);
        tokens.RemoveNominated(lines);
        tokens.Write(lines);
        return null;
    }

    private bool TryRead(List<HeaderLine> lines)
    {
        foreach (HeaderLine line in lines)
        {
            if (line.Kind != HeaderKind.Connection)
            {
                continue;
            }

            foreach (string token in Encoding.Latin1.GetString(line.Value).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (_tokens.Count == MaxNominated || !MayName(token))
                {
                    return false;
                }

                _tokens.Add(token);
            }
        }

        return true;
    }

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

    /// <summary>Takes protocols that are not offered out of the headers. True if one is left that is asked for.</summary>
    private bool ReduceUpgrade(List<HeaderLine> lines, Http1Config config)
    {
        int at = lines.FindIndex(static line => line.Kind == HeaderKind.Upgrade);
        if (at < 0)
        {
            return false;
        }

        string wanted = string.Join(", ", lines.FindAll(static line => line.Kind == HeaderKind.Upgrade).ConvertAll(static line => Encoding.Latin1.GetString(line.Value)));
        // HTTP/2 on a connection that began otherwise is not offered; the request is one of HTTP/1.1.
        bool isHttp2 = IsOneOf(wanted, "h2c");
        string left = isHttp2 ? "" : WithoutIgnored(wanted, config.IgnoredUpgrades);
        lines.RemoveAll(static line => line.Kind == HeaderKind.Upgrade);
        bool asks = _tokens.Exists(static token => IsOneOf(token, "upgrade"));
        if (asks && left.Length > 0)
        {
            lines.Insert(Math.Min(at, lines.Count), new HeaderLine("Upgrade"u8.ToArray(), Encoding.Latin1.GetBytes(left)));
            return true;
        }

        _tokens.RemoveAll(static token => IsOneOf(token, "upgrade"));
        if (isHttp2)
        {
            _tokens.RemoveAll(static token => IsOneOf(token, "http2-settings"));
            lines.RemoveAll(static line => IsOneOf(Encoding.Latin1.GetString(line.Name), "http2-settings"));
        }

        return false;
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

    /// <summary>What is named goes, and the token with it. "te" is named by everybody who sends it, and looked at later.</summary>
    private void RemoveNominated(List<HeaderLine> lines) => _tokens.RemoveAll(token =>
        !IsOneOf(token, "close", "keep-alive", "upgrade", "te", "connection")
        && lines.RemoveAll(line => IsOneOf(Encoding.Latin1.GetString(line.Name), token)) > 0);

    private void Write(List<HeaderLine> lines)
    {
        int at = lines.FindIndex(static line => line.Kind == HeaderKind.Connection);
        lines.RemoveAll(static line => line.Kind == HeaderKind.Connection);
        if (_tokens.Count > 0 && at >= 0)
        {
            lines.Insert(Math.Min(at, lines.Count), new HeaderLine("Connection"u8.ToArray(), Encoding.Latin1.GetBytes(string.Join(',', _tokens))));
        }
    }
}
