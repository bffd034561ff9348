using Google.Protobuf.Collections;
using Waypoint.Model.Headers;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Xds.Decoding.Matching;
using ProtoAction = Waypoint.Protos.Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>*_headers_to_add</c> and <c>*_headers_to_remove</c>.</summary>
public static class HeaderEditsDecoder
{
    /// <summary>Edits of the request, from fields <c>request_headers_to_add</c> and <c>request_headers_to_remove</c> of the current message.</summary>
    public static HeaderEdits DecodeRequest(RepeatedField<HeaderValueOption> add, RepeatedField<string> remove, DecodeContext context) =>
        Decode(add, "request_headers_to_add", remove, "request_headers_to_remove", context);

    /// <summary>Edits of the response, from fields <c>response_headers_to_add</c> and <c>response_headers_to_remove</c> of the current message.</summary>
    public static HeaderEdits DecodeResponse(RepeatedField<HeaderValueOption> add, RepeatedField<string> remove, DecodeContext context) =>
        Decode(add, "response_headers_to_add", remove, "response_headers_to_remove", context);

    private static HeaderEdits Decode(RepeatedField<HeaderValueOption> add, string addName, RepeatedField<string> remove, string removeName, DecodeContext context)
    {
        if (add.Count == 0 && remove.Count == 0)
            return HeaderEdits.None;
        var names = new string[remove.Count];
        for (var i = 0; i < names.Length; i++)
            names[i] = DecodeName(remove[i], $"{removeName}[{i}]", context);

        var additions = new HeaderAddition[add.Count];
        for (var i = 0; i < additions.Length; i++)
        {
            using var scope = context.Field(addName, i);
            additions[i] = DecodeAddition(add[i], context);
        }

        return new HeaderEdits(names, additions);
    }

    /// <summary>The name of a header that may be changed, in field <paramref name="field"/> of the current message.</summary>
    internal static string DecodeName(string value, string field, DecodeContext context)
    {
        var name = HeaderNameDecoder.Decode(value, field, context);
        // Authority, path and the like have fields of their own, which keep the rest of the request in step.
        if (name.StartsWith(':') || name == "host")
            context.Refuse(field, "must not be changed here", $"'{value}'", "a header other than host and those that begin with a colon");
        return name;
    }

    /// <summary>The current message.</summary>
    internal static HeaderAddition DecodeAddition(HeaderValueOption message, DecodeContext context)
    {
        var name = DecodeName(message.Header?.Key ?? "", "header.key", context);
        var value = message.Header?.Value ?? "";
        if (message.Header is { RawValue.IsEmpty: false })
        {
            if (value.Length > 0)
                context.Refuse("header.raw_value", "cannot stand beside value");
            value = message.Header.RawValue.ToStringUtf8();
        }

        TextFields.CheckHeaderValue(value, "header.value", context);
        if (!HeaderFormat.TryParse(value, out var format, out var problem))
        {
            context.Refuse("header.value", problem, value, $"%% and the operators {HeaderFormat.SupportedOperators}");
            format = HeaderFormat.Literal("");
        }

        return new HeaderAddition(name, format, DecodeAction(message, context), message.KeepEmptyValue);
    }

    private static HeaderAppendAction DecodeAction(HeaderValueOption message, DecodeContext context)
    {
        if (message.Append is { } append)
        {
            if (message.AppendAction != ProtoAction.AppendIfExistsOrAdd)
                context.Refuse("append_action", "cannot stand beside append");
            return append ? HeaderAppendAction.AppendIfExistsOrAdd : HeaderAppendAction.OverwriteIfExistsOrAdd;
        }

        switch (message.AppendAction)
        {
            case ProtoAction.AppendIfExistsOrAdd:
                return HeaderAppendAction.AppendIfExistsOrAdd;
            case ProtoAction.AddIfAbsent:
                return HeaderAppendAction.AddIfAbsent;
            case ProtoAction.OverwriteIfExistsOrAdd:
                return HeaderAppendAction.OverwriteIfExistsOrAdd;
            case ProtoAction.OverwriteIfExists:
                return HeaderAppendAction.OverwriteIfExists;
            default:
                context.RefuseValue("append_action", message.AppendAction.ToString(), "0-3");
                return HeaderAppendAction.AppendIfExistsOrAdd;
        }
    }
}
