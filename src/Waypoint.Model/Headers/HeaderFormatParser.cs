using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Waypoint.Model.Headers;

/// <summary>Reads Envoy's format strings as far as header values need them: literal text, <c>%%</c>, <c>%NAME%</c>, <c>%NAME(argument)%</c> and a length behind a colon.</summary>
internal sealed class HeaderFormatParser(string source)
{
    private static readonly FrozenDictionary<string, (FormatField Field, Argument Argument)> Operators =
        new Dictionary<string, (FormatField, Argument)>
        {
            ["REQ"] = (FormatField.RequestHeader, Argument.Header),
            ["RESP"] = (FormatField.ResponseHeader, Argument.Header),
            ["PROTOCOL"] = (FormatField.Protocol, Argument.None),
            ["RESPONSE_CODE"] = (FormatField.ResponseCode, Argument.None),
            ["UPSTREAM_CLUSTER"] = (FormatField.UpstreamCluster, Argument.None),
            ["UPSTREAM_CLUSTER_RAW"] = (FormatField.UpstreamClusterRaw, Argument.None),
            ["UPSTREAM_HOST"] = (FormatField.UpstreamHost, Argument.None),
            ["DOWNSTREAM_REMOTE_ADDRESS"] = (FormatField.DownstreamRemoteAddress, Argument.None),
            ["DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT"] = (FormatField.DownstreamRemoteAddressWithoutPort, Argument.None),
            ["DOWNSTREAM_REMOTE_PORT"] = (FormatField.DownstreamRemotePort, Argument.None),
            ["DOWNSTREAM_DIRECT_REMOTE_ADDRESS"] = (FormatField.DownstreamDirectRemoteAddress, Argument.None),
            ["DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT"] = (FormatField.DownstreamDirectRemoteAddressWithoutPort, Argument.None),
            ["DOWNSTREAM_LOCAL_ADDRESS"] = (FormatField.DownstreamLocalAddress, Argument.None),
            ["DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT"] = (FormatField.DownstreamLocalAddressWithoutPort, Argument.None),
            ["DOWNSTREAM_LOCAL_PORT"] = (FormatField.DownstreamLocalPort, Argument.None),
            ["REQUESTED_SERVER_NAME"] = (FormatField.RequestedServerName, Argument.None),
            ["ROUTE_NAME"] = (FormatField.RouteName, Argument.None),
            ["RESPONSE_FLAGS"] = (FormatField.ResponseFlags, Argument.None),
            ["RESPONSE_CODE_DETAILS"] = (FormatField.ResponseCodeDetails, Argument.None),
            ["START_TIME"] = (FormatField.StartTime, Argument.Optional),
            ["HOSTNAME"] = (FormatField.Hostname, Argument.None),
            ["FILTER_STATE"] = (FormatField.FilterState, Argument.Required),
            ["DYNAMIC_METADATA"] = (FormatField.DynamicMetadata, Argument.Required),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly List<FormatSegment> _segments = [];
    private readonly StringBuilder _literal = new();

    private enum Argument
    {
        None,
        Optional,
        Required,
        Header,
    }

    /// <summary>Names of the operators that are understood, for messages.</summary>
    internal static IEnumerable<string> OperatorNames => Operators.Keys.Order(StringComparer.Ordinal);

    internal bool TryParse([NotNullWhen(true)] out FormatSegment[]? segments, [NotNullWhen(false)] out string? problem)
    {
        segments = null;
        problem = null;
        for (var position = 0; position < source.Length;)
        {
            if (source[position] != '%')
            {
                _literal.Append(source[position++]);
            }
            else if (position + 1 < source.Length && source[position + 1] == '%')
            {
                _literal.Append('%');
                position += 2;
            }
            else if (!TryOperator(ref position, out problem))
            {
                return false;
            }
        }

        FlushLiteral();
        segments = [.. _segments];
        return true;
    }

    private void FlushLiteral()
    {
        if (_literal.Length > 0)
            _segments.Add(new FormatSegment(_literal.ToString()));
        _literal.Clear();
    }

    private bool TryOperator(ref int position, [NotNullWhen(false)] out string? problem)
    {
        var start = position + 1;
        var nameEnd = start;
        while (nameEnd < source.Length && (char.IsAsciiLetterUpper(source[nameEnd]) || char.IsAsciiDigit(source[nameEnd]) || source[nameEnd] == '_'))
            nameEnd++;
        var name = source[start..nameEnd];
        if (!Operators.TryGetValue(name, out var known))
        {
            problem = name.Length == 0 ? $"has a lone percent sign (at {position}; %% is a percent sign)" : $"has the operator %{name}%, which is not supported";
            return false;
        }

        var rest = nameEnd;
        string? argument = null;
        if (rest < source.Length && source[rest] == '(')
        {
            var close = source.IndexOf(')', rest);
            if (close < 0)
            {
                problem = $"lacks a closing parenthesis (at {rest})";
                return false;
            }

            argument = source[(rest + 1)..close];
            rest = close + 1;
        }

        if (!TryLength(ref rest, out var maxLength) || rest >= source.Length || source[rest] != '%')
        {
            problem = $"lacks the closing percent sign of %{name} (at {rest})";
            return false;
        }

        position = rest + 1;
        return TryAdd(name, known.Field, known.Argument, argument, maxLength, out problem);
    }

    private bool TryLength(ref int position, out int maxLength)
    {
        maxLength = 0;
        if (position >= source.Length || source[position] != ':')
            return true;
        var end = position + 1;
        while (end < source.Length && char.IsAsciiDigit(source[end]))
            end++;
        var ok = int.TryParse(source.AsSpan((position + 1)..end), NumberStyles.None, CultureInfo.InvariantCulture, out maxLength);
        position = end;
        return ok;
    }

    private bool TryAdd(string name, FormatField field, Argument kind, string? argument, int maxLength, [NotNullWhen(false)] out string? problem)
    {
        problem = (kind, argument) switch
        {
            (Argument.None, not null) => $"has an argument for %{name}%, which takes none",
            (Argument.Required or Argument.Header, null or "") => $"lacks the argument of %{name}%",
            _ => null,
        };
        if (problem is not null)
            return false;

        FlushLiteral();
        string? alternative = null;
        if (kind == Argument.Header)
        {
            // Header tables are asked in lower case.
#pragma warning disable CA1308
            argument = argument!.ToLowerInvariant();
#pragma warning restore CA1308
            var question = argument.IndexOf('?', StringComparison.Ordinal);
            if (question >= 0)
            {
                alternative = argument[(question + 1)..];
                argument = argument[..question];
            }
        }

        _segments.Add(new FormatSegment(null, field, argument ?? "", string.IsNullOrEmpty(alternative) ? null : alternative, maxLength));
        return true;
    }
}
