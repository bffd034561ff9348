using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Matching;
using Proto = Waypoint.Protos.Envoy.Type.Matcher.V3;

namespace Waypoint.Xds.Decoding.Matching;

/// <summary>Decodes <c>envoy.type.matcher.v3.MetadataMatcher</c>, <c>ValueMatcher</c> and dynamic values. Always returns something; after a problem it must not be used.</summary>
public static class MetadataMatcherDecoder
{
    /// <summary>Matchers may nest in lists and alternatives; deeper ones are refused.</summary>
    private const int MaxDepth = 16;

    private static readonly ValueMatcher Placeholder = ValueMatcher.Any([]);

    /// <summary>Decodes the current message.</summary>
    public static MetadataMatcher Decode(Proto.MetadataMatcher message, DecodeContext context)
    {
        if (message.Filter.Length == 0)
            context.Refuse("filter", "is required");
        if (message.Path.Count == 0)
            context.Refuse("path", "is required");
        var path = new string[message.Path.Count];
        for (var i = 0; i < path.Length; i++)
        {
            path[i] = message.Path[i].Key;
            if (path[i].Length == 0)
                context.Refuse($"path[{i}].key", "is required");
        }

        return new MetadataMatcher(message.Filter, path, DecodeValue(message.Value, "value", context), message.Invert);
    }

    /// <summary>Decodes field <paramref name="name"/> of the current message.</summary>
    public static ValueMatcher DecodeValue(Proto.ValueMatcher? message, string name, DecodeContext context) => DecodeValue(message, name, context, 0);

    /// <summary>A dynamic value as the model has it.</summary>
    public static MetadataValue ToModel(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.BoolValue => MetadataValue.Of(value.BoolValue),
        Value.KindOneofCase.NumberValue => MetadataValue.Of(value.NumberValue),
        Value.KindOneofCase.StringValue => MetadataValue.Of(value.StringValue),
        Value.KindOneofCase.ListValue => MetadataValue.Of([.. value.ListValue.Values.Select(ToModel)]),
        Value.KindOneofCase.StructValue => ToModel(value.StructValue),
        _ => MetadataValue.Null,
    };

    /// <summary>Names with values as the model has them.</summary>
    public static MetadataValue ToModel(Struct fields) =>
        MetadataValue.Of(fields.Fields.Select(static field => KeyValuePair.Create(field.Key, ToModel(field.Value))));

    private static ValueMatcher DecodeValue(Proto.ValueMatcher? message, string name, DecodeContext context, int depth)
    {
        if (depth > MaxDepth)
        {
            context.Refuse(name, $"is nested deeper than {MaxDepth}");
            return Placeholder;
        }

        using var scope = context.Field(name);
        switch (message?.MatchPatternCase ?? Proto.ValueMatcher.MatchPatternOneofCase.None)
        {
            case Proto.ValueMatcher.MatchPatternOneofCase.NullMatch:
                return ValueMatcher.IsNull();
            case Proto.ValueMatcher.MatchPatternOneofCase.DoubleMatch:
                return DecodeNumber(message!.DoubleMatch, context);
            case Proto.ValueMatcher.MatchPatternOneofCase.StringMatch:
                return ValueMatcher.Text(StringMatcherDecoder.Decode(message!.StringMatch, "string_match", context));
            case Proto.ValueMatcher.MatchPatternOneofCase.BoolMatch:
                return ValueMatcher.Bool(message!.BoolMatch);
            case Proto.ValueMatcher.MatchPatternOneofCase.PresentMatch:
                return ValueMatcher.Present(message!.PresentMatch);
            case Proto.ValueMatcher.MatchPatternOneofCase.ListMatch:
                return ValueMatcher.AnyElement(DecodeValue(message!.ListMatch.OneOf, "list_match.one_of", context, depth + 1));
            case Proto.ValueMatcher.MatchPatternOneofCase.OrMatch:
                return DecodeAlternatives(message!.OrMatch, context, depth);
            default:
                context.Refuse("", "has no condition");
                return Placeholder;
        }
    }

    private static ValueMatcher DecodeAlternatives(Proto.OrMatcher message, DecodeContext context, int depth)
    {
        if (message.ValueMatchers.Count < 2)
            context.Refuse("or_match.value_matchers", "needs at least two conditions");
        var parts = new ValueMatcher[message.ValueMatchers.Count];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = DecodeValue(message.ValueMatchers[i], $"or_match.value_matchers[{i}]", context, depth + 1);
        return ValueMatcher.Any(parts);
    }

    private static ValueMatcher DecodeNumber(Proto.DoubleMatcher message, DecodeContext context)
    {
        switch (message.MatchPatternCase)
        {
            case Proto.DoubleMatcher.MatchPatternOneofCase.Exact:
                return ValueMatcher.Number(message.Exact);
            case Proto.DoubleMatcher.MatchPatternOneofCase.Range:
                return ValueMatcher.NumberRange(message.Range.Start, message.Range.End);
            default:
                context.Refuse("double_match", "has no condition");
                return Placeholder;
        }
    }
}
