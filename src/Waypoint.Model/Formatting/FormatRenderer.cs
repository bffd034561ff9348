using System.Buffers;
using System.Globalization;
using Waypoint.Model.Grpc;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Formatting;

/// <summary>Writes the value of one operator.</summary>
internal static class FormatRenderer
{
    private static readonly SearchValues<char> WhiteSpace = SearchValues.Create(" \t\r\n\v\f");

    /// <summary>The value as text; null if there is none.</summary>
    internal static string? Text(FormatSegment segment, IFormatValues values)
    {
        var text = WholeText(segment, values);
        return text is not null && segment.MaxLength > 0 && text.Length > segment.MaxLength ? text[..segment.MaxLength] : text;
    }

    /// <summary>The value with its JSON type; <see cref="MetadataValue.Null"/> if there is none.</summary>
    internal static MetadataValue Value(FormatSegment segment, IFormatValues values)
    {
        switch (segment.Kind)
        {
            case FormatKind.Number or FormatKind.Count or FormatKind.PortOnly or FormatKind.GrpcStatusNumber:
                return long.TryParse(WholeText(segment, values), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? MetadataValue.Of((double)number)
                    : MetadataValue.Null;
            case FormatKind.GrpcStatus when segment.Argument == "NUMBER":
                return Value(segment with { Kind = FormatKind.GrpcStatusNumber }, values);
            case FormatKind.Metadata when segment.MaxLength == 0:
                return FindMetadata(segment, values) ?? MetadataValue.Null;
            case FormatKind.FilterState when segment.MaxLength == 0:
                return values.Text(segment.Field, segment.Argument) is { } state ? MetadataValue.Of(state) : MetadataValue.Null;
            default:
                return Text(segment, values) is { } text ? MetadataValue.Of(text) : MetadataValue.Null;
        }
    }

    private static string? WholeText(FormatSegment segment, IFormatValues values) => segment.Kind switch
    {
        FormatKind.Text => values.Text(segment.Field, ""),
        FormatKind.Named => values.Text(segment.Field, segment.Argument),
        FormatKind.Number => values.Number(segment.Field)?.ToString(CultureInfo.InvariantCulture),
        FormatKind.Count => (values.Number(segment.Field) ?? 0).ToString(CultureInfo.InvariantCulture),
        FormatKind.Time => values.Time(segment.Field) is { } time ? segment.Time!.Format(time) : null,
        FormatKind.Header => Header(segment, values),
        FormatKind.Path => Path(segment.Argument, values),
        FormatKind.QueryParameter => values.Header(FormatField.RequestHeader, HeaderNames.Path) is { } path ? QueryParameters.Parse(path, decode: true).First(segment.Argument) : null,
        FormatKind.Metadata => FindMetadata(segment, values) is { Kind: not MetadataKind.Null } found ? MetadataText.Render(found) : null,
        FormatKind.FilterState => FilterState(segment, values),
        FormatKind.Details when segment.Argument.Length > 0 => values.Text(segment.Field, ""),
        FormatKind.Details or FormatKind.Blankless => WithoutBlanks(values.Text(segment.Field, "")),
        FormatKind.ServerName => ServerName(values.Text(segment.Field, "")),
        FormatKind.GrpcStatus => GrpcStatusText(segment.Argument, values),
        FormatKind.GrpcStatusNumber => GrpcStatusText("NUMBER", values),
        FormatKind.AddressOnly => values.Text(segment.Field, "") is { } address ? WithoutPort(address) : null,
        FormatKind.PortOnly => values.Text(segment.Field, "") is { } address ? PortOf(address) : null,
        _ => null,
    };

    private static string? Header(FormatSegment segment, IFormatValues values)
    {
        var withoutQuery = segment.Field == FormatField.RequestHeaderWithoutQuery;
        var field = withoutQuery ? FormatField.RequestHeader : segment.Field;
        var value = values.Header(field, segment.Argument);
        if (value is null && segment.Alternative is not null)
            value = values.Header(field, segment.Alternative);
        return withoutQuery && value is not null ? QueryParameters.Strip(value) : value;
    }

    private static string? Path(string form, IFormatValues values)
    {
        var colon = form.IndexOf(':', StringComparison.Ordinal);
        var which = colon < 0 ? "" : form[(colon + 1)..];
        var path = which == "PATH" ? null : values.Header(FormatField.RequestHeader, HeaderNames.EnvoyOriginalPath);
        if (which != "ORIG")
            path ??= values.Header(FormatField.RequestHeader, HeaderNames.Path);
        return path is not null && form.StartsWith("NQ", StringComparison.Ordinal) ? QueryParameters.Strip(path) : path;
    }

    private static MetadataValue? FindMetadata(FormatSegment segment, IFormatValues values)
    {
        var value = values.Metadata(segment.Field, segment.Argument);
        foreach (var key in segment.Keys)
            value = value?.Field(key);
        return value;
    }

    private static string? FilterState(FormatSegment segment, IFormatValues values)
    {
        var state = values.Text(segment.Field, segment.Argument);
        if (state is null || segment.Alternative == "PLAIN")
            return state;
        return MetadataText.Json(MetadataValue.Of(state));
    }

    private static string? WithoutBlanks(string? text) =>
        text is not null && text.AsSpan().ContainsAny(WhiteSpace) ? string.Concat(text.Select(static c => char.IsWhiteSpace(c) ? '_' : c)) : text;

    /// <summary>A name that is no host name is marked, and what could do harm in a log replaced.</summary>
    private static string? ServerName(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return null;
        var clean = string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
        return clean == name ? name : "invalid:" + clean;
    }

    private static string? GrpcStatusText(string form, IFormatValues values)
    {
        if (!GrpcContent.IsRequest(values.Header(FormatField.RequestHeader, HeaderNames.ContentType), values.Header(FormatField.RequestHeader, HeaderNames.Path)))
            return null;
        var status = GrpcStatus.Effective(
            values.Header(FormatField.ResponseTrailer, GrpcStatus.HeaderName), values.Header(FormatField.ResponseHeader, GrpcStatus.HeaderName),
            (int?)values.Number(FormatField.ResponseCode));
        return (status, form) switch
        {
            (null, _) => null,
            ({ } code, "NUMBER") => code.ToString(CultureInfo.InvariantCulture),
            ({ } code, "SNAKE_STRING") => GrpcStatus.SnakeName(code),
            ({ } code, _) => GrpcStatus.CamelName(code),
        };
    }

    private static string WithoutPort(string address)
    {
        if (address.StartsWith('['))
            return address.IndexOf(']', StringComparison.Ordinal) is > 0 and var close ? address[1..close] : address;
        var colon = address.LastIndexOf(':');
        return colon >= 0 && address.IndexOf(':', StringComparison.Ordinal) == colon ? address[..colon] : address;
    }

    private static string? PortOf(string address)
    {
        var port = address[(address.LastIndexOf(':') + 1)..];
        return port.Length > 0 && port.Length < address.Length && !port.AsSpan().ContainsAnyExceptInRange('0', '9') ? port : null;
    }
}
