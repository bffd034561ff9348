using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf.Reflection;
using Waypoint.Protos.Declarations;

namespace Waypoint.Protos.Scanning;

/// <summary>The fields of a message type by number, ready for a walk. Cached for the life of the process: as many as there are declared types.</summary>
internal sealed class MessageShape
{
    private const int TableSize = 64;

    private const int MaxTypeUrlBytes = 256;

    private static readonly ConcurrentDictionary<string, MessageShape>.AlternateLookup<ReadOnlySpan<char>> Cache =
        new ConcurrentDictionary<string, MessageShape>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly FieldShape?[] _low = new FieldShape?[TableSize];

    private readonly Dictionary<int, FieldShape> _high = [];

    private Dictionary<string, FieldShape>? _byName;

    private MessageShape(string fullName, DescriptorProto type)
    {
        FullName = fullName;
        IsAny = FullName == "google.protobuf.Any";
        IsTypedStruct = FullName is "udpa.type.v1.TypedStruct" or "xds.type.v3.TypedStruct";
        // Struct, Value and ListValue hold any data by design; there is nothing to know about it.
        IsFreeForm = FullName is "google.protobuf.Struct" or "google.protobuf.Value" or "google.protobuf.ListValue";
        IsMapEntry = type.Options is { MapEntry: true };
        IsStrict = StrictTypes.Contains(FullName);
        CoversBelow = StrictTypes.Covers(FullName);
        foreach (FieldDescriptorProto field in type.Field)
        {
            var shape = new FieldShape(field);
            if (field.Number < TableSize) _low[field.Number] = shape;
            else _high[field.Number] = shape;
        }
    }

    public string FullName { get; }

    public bool IsAny { get; }

    public bool IsTypedStruct { get; }

    public bool IsFreeForm { get; }

    /// <summary>See <see cref="StrictTypes"/>.</summary>
    public bool IsStrict { get; }

    public bool CoversBelow { get; }

    /// <summary>The message that stands for one entry of a map.</summary>
    public bool IsMapEntry { get; }

    /// <summary>The shape of a declared type; throws <see cref="ArgumentException"/> for another.</summary>
    public static MessageShape Of(string fullName) =>
        TryFind(fullName, out MessageShape? shape) ? shape : throw new ArgumentException($"The message {fullName} is not declared.", nameof(fullName));

    /// <summary>The shape of a type by its full name; false if it is not declared.</summary>
    public static bool TryFind(ReadOnlySpan<char> fullName, [NotNullWhen(true)] out MessageShape? shape)
    {
        if (Cache.TryGetValue(fullName, out shape)) return true;
        if (!DeclarationSet.TryFindMessage(fullName, out DescriptorProto? declaration)) return false;
        shape = new MessageShape(fullName.ToString(), declaration);
        Cache.TryAdd(fullName, shape);
        return true;
    }

    /// <summary>The shape of the type behind the UTF-8 bytes of a field `type_url`: a slash and a declared name. The entry of a map travels in no Any.</summary>
    public static bool TryFindByUrl(ReadOnlySpan<byte> typeUrl, [NotNullWhen(true)] out MessageShape? shape)
    {
        shape = null;
        if (typeUrl.Length > MaxTypeUrlBytes) return false;
        Span<char> text = stackalloc char[MaxTypeUrlBytes];
        if (!Encoding.UTF8.TryGetChars(typeUrl, text, out int length)) return false;
        int slash = text[..length].LastIndexOf('/');
        return slash >= 0 && TryFind(text[(slash + 1)..length], out shape) && !shape.IsMapEntry;
    }

    /// <summary>A field by the name in the file or in JSON.</summary>
    public FieldShape? FindByName(string name)
    {
        _byName ??= Named();
        return _byName.GetValueOrDefault(name);
    }

    public FieldShape? Find(int number)
    {
        if ((uint)number < TableSize) return _low[number];
        return _high.GetValueOrDefault(number);
    }

    private Dictionary<string, FieldShape> Named()
    {
        var named = new Dictionary<string, FieldShape>(StringComparer.Ordinal);
        foreach (FieldShape? field in _low.Concat(_high.Values))
        {
            if (field is null) continue;
            named[field.Name] = field;
            named.TryAdd(field.JsonName, field);
        }
        return named;
    }
}
