using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Waypoint.Protos.Scanning;

/// <summary>The names inside a TypedStruct against the fields of the declared type: what numbers are elsewhere.</summary>
internal static class TypedStructNames
{
    /// <summary>Lists the names that the type does not have, at any depth.</summary>
    /// <param name="value">The bytes of field `value`, a google.protobuf.Struct.</param>
    /// <param name="path">Of the TypedStruct.</param>
    /// <param name="strict">Whether a finding decides security.</param>
    public static IReadOnlyList<UndeclaredContent> Check(ReadOnlySpan<byte> value, MessageShape type, string path, bool strict)
    {
        var found = new List<UndeclaredContent>();
        try
        {
            Compare(Struct.Parser.ParseFrom(value), type, path, strict, found);
        }
        catch (InvalidProtocolBufferException)
        {
            found.Add(new UndeclaredContent(UndeclaredKind.Malformed, path, type.FullName, 0, "", strict));
        }
        return found;
    }

    private static void Compare(Struct value, MessageShape type, string path, bool strict, List<UndeclaredContent> found)
    {
        foreach ((string name, Value content) in value.Fields)
        {
            FieldShape? field = type.FindByName(name);
            if (field is null) found.Add(new UndeclaredContent(UndeclaredKind.Field, path, type.FullName, 0, name, strict));
            else Content(content, field, path.Length == 0 ? field.Name : $"{path}.{field.Name}", strict, found);
        }
    }

    private static void Content(Value value, FieldShape field, string path, bool strict, List<UndeclaredContent> found)
    {
        if (value.KindCase == Value.KindOneofCase.ListValue)
        {
            for (int i = 0; i < value.ListValue.Values.Count; i++) Content(value.ListValue.Values[i], field, $"{path}[{i}]", strict, found);
            return;
        }
        if (value.KindCase == Value.KindOneofCase.StructValue && !field.IsMap
            && field.Message is { } message && !message.FullName.StartsWith("google.protobuf.", StringComparison.Ordinal))
        {
            Compare(value.StructValue, message, path, strict, found);
        }
    }
}
