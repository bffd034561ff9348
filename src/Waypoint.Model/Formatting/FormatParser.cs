using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Waypoint.Model.Formatting;

/// <summary>Reads Envoy's format strings: literal text, <c>%%</c>, <c>%NAME%</c>, <c>%NAME(argument)%</c> and a length behind a colon.</summary>
/// <param name="source">The text.</param>
/// <param name="headerForms">Accepts the older forms that header values may have: <c>%UPSTREAM_METADATA(["filter", "key"])%</c> and <c>%PER_REQUEST_STATE(key)%</c>.</param>
internal sealed class FormatParser(string source, bool headerForms)
{
    private readonly List<FormatSegment> _segments = [];
    private readonly StringBuilder _literal = new();

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

        if (!TryFind(name, ref argument, out var found))
        {
            problem = name.Length == 0 ? $"has a lone percent sign (at {position}; %% is a percent sign)" : $"has the operator %{name}%, which is not supported";
            return false;
        }

        var hasLength = rest < source.Length && source[rest] == ':';
        if (!TryLength(ref rest, out var maxLength) || rest >= source.Length || source[rest] != '%')
        {
            problem = $"lacks the closing percent sign of %{name} (at {rest})";
            return false;
        }

        position = rest + 1;
        problem = (found.Argument, argument) switch
        {
            (FormatArgument.None, not null) => $"has an argument for %{name}%, which takes none",
            (FormatArgument.Required or FormatArgument.Header, null or "") => $"lacks the argument of %{name}%",
            _ when hasLength && !found.TakesLength => $"has a length for %{name}%, which takes none",
            _ => null,
        };
        return problem is null && TryAdd(name, found, argument ?? "", maxLength, out problem);
    }

    private bool TryFind(string name, ref string? argument, out FormatOperator found)
    {
        if (headerForms && name == "PER_REQUEST_STATE" && argument is not null)
        {
            argument += ":PLAIN";
            return FormatOperators.TryFind("FILTER_STATE", out found);
        }

        if (name == "METADATA" && argument is not null)
            return TryFindMetadata(ref argument, out found);
        if (!FormatOperators.TryFind(name, out found))
            return false;
        if (headerForms && found.Kind == FormatKind.Metadata && argument is ['[', ..])
            argument = FromJsonList(argument);
        return true;
    }

    /// <summary><c>%METADATA(TYPE:filter:key...)%</c>.</summary>
    private static bool TryFindMetadata(ref string argument, out FormatOperator found)
    {
        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        FormatField? field = (colon < 0 ? argument : argument[..colon]) switch
        {
            "DYNAMIC" => FormatField.DynamicMetadata,
            "CLUSTER" => FormatField.ClusterMetadata,
            "UPSTREAM_HOST" => FormatField.UpstreamMetadata,
            "ROUTE" => FormatField.RouteMetadata,
            "VIRTUAL_HOST" => FormatField.VirtualHostMetadata,
            "LISTENER" => FormatField.ListenerMetadata,
            _ => null,
        };
        argument = colon < 0 ? "" : argument[(colon + 1)..];
        found = new FormatOperator(field ?? default, FormatKind.Metadata, FormatArgument.Required, TakesLength: true);
        return field is not null;
    }

    private static string FromJsonList(string text)
    {
        try
        {
            using var list = JsonDocument.Parse(text);
            return string.Join(':', list.RootElement.EnumerateArray().Select(static item => item.GetString()));
        }
        catch (Exception notAList) when (notAList is JsonException or InvalidOperationException)
        {
            return text;
        }
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

    private bool TryAdd(string name, FormatOperator found, string argument, int maxLength, [NotNullWhen(false)] out string? problem)
    {
        var segment = new FormatSegment(null as string) { Field = found.Field, Kind = found.Kind, Argument = argument, MaxLength = maxLength };
        problem = null;
        switch (found.Kind)
        {
            case FormatKind.Header:
                segment = WithHeaders(segment, name, out problem);
                break;
            case FormatKind.Time when TimePattern.TryParse(argument, out var pattern):
                segment = segment with { Time = pattern };
                break;
            case FormatKind.Time:
                problem = $"has a new line in the time of %{name}%";
                break;
            case FormatKind.Metadata:
                var parts = argument.Split(':');
                segment = segment with { Argument = parts[0], Keys = parts[1..] };
                break;
            case FormatKind.FilterState:
                segment = WithForm(segment, out problem);
                break;
            case FormatKind.Path when !IsPathForm(argument):
                problem = $"has '{argument}' for %{name}%; accepted WQ or NQ, then a colon and ORIG, PATH or ORIG_OR_PATH";
                break;
            case FormatKind.Details when argument is not ("" or "ALLOW_WHITESPACES"):
                problem = $"has '{argument}' for %{name}%; accepted ALLOW_WHITESPACES";
                break;
            case FormatKind.GrpcStatus when argument is not ("" or "CAMEL_STRING" or "SNAKE_STRING" or "NUMBER"):
                problem = $"has '{argument}' for %{name}%; accepted CAMEL_STRING, SNAKE_STRING, NUMBER";
                break;
        }

        if (problem is not null)
            return false;
        FlushLiteral();
        _segments.Add(segment);
        return true;
    }

    private static FormatSegment WithHeaders(FormatSegment segment, string name, out string? problem)
    {
        // Header tables are asked in lower case.
#pragma warning disable CA1308
        var names = segment.Argument.ToLowerInvariant().Split('?');
#pragma warning restore CA1308
        problem = names.Length > 2 ? $"has more than one alternative for %{name}%"
            : segment.Argument.AsSpan().ContainsAny('\n', '\r', '\0') ? $"has a control character in the argument of %{name}%"
            : null;
        return segment with { Argument = names[0], Alternative = names.Length > 1 && names[1].Length > 0 ? names[1] : null };
    }

    /// <summary>Splits <c>key:form</c>; the form goes to <see cref="FormatSegment.Alternative"/>.</summary>
    private static FormatSegment WithForm(FormatSegment segment, out string? problem)
    {
        problem = null;
        var colon = segment.Argument.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return segment with { Alternative = "TYPED" };
        var form = segment.Argument[(colon + 1)..];
        if (form is not ("PLAIN" or "TYPED"))
            problem = $"has the form '{form}' for filter state; accepted PLAIN, TYPED";
        return segment with { Argument = segment.Argument[..colon], Alternative = form };
    }

    private static bool IsPathForm(string argument)
    {
        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        var query = colon < 0 ? argument : argument[..colon];
        var which = colon < 0 ? "" : argument[(colon + 1)..];
        return query is "" or "WQ" or "NQ" && which is "" or "ORIG" or "PATH" or "ORIG_OR_PATH";
    }
}
