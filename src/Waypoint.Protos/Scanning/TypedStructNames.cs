using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Waypoint.Protos.Scanning;

/// <summary>The names inside a TypedStruct against the fields of the declared type: what numbers are elsewhere.</summary>
internal static class TypedStructNames
{
    /// <summary>Lists the names that the type does not have, at any depth.</summary>
    /// <param name="value">The bytes of field `value`, a google.protobuf.Struct.</param>
    /// <param name="path">Of the TypedStruct.</param>
    /// <param name="strict">Whether a finding decides security.</param>
    public static IReadOnlyList<UndeclaredContent> Check(ReadOnlySpan<byte> value, MessageDescriptor type, string path, bool strict)
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

    private static void Compare(Struct value, MessageDescriptor type, string path, bool strict, List<UndeclaredContent> found)
    {
        foreach ((string name, Value content) in value.Fields)
        {
            FieldDescriptor? field = type.FindFieldByName(name) ?? ByJsonName(type, name);
            if (field is null) found.Add(new UndeclaredContent(UndeclaredKind.Field, path, type.FullName, 0, name, strict));
            else Content(content, field, path.Length == 0 ? field.Name : $"{path}.{field.Name}", strict, found);
        }
    }

    private static void Content(Value value, FieldDescriptor field, string path, bool strict, List<UndeclaredContent> found)
    {
        if (value.KindCase == Value.KindOneofCase.ListValue)
        {
            for (int i = 0; i < value.ListValue.Values.Count; i++) Content(value.ListValue.Values[i], field, $"{path}[{i}]", strict, found);
            return;
        }
        bool hasFields = field.FieldType == FieldType.Message && !field.IsMap && !field.MessageType.FullName.StartsWith("google.protobuf.", StringComparison.Ordinal);
        if (value.KindCase == Value.KindOneofCase.StructValue && hasFields) Compare(value.StructValue, field.MessageType, path, strict, found);
    }

    private static FieldDescriptor? ByJsonName(MessageDescriptor type, string name)
    {
        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
        {
            if (field.JsonName == name) return field;
        }
        return null;
    }
}
