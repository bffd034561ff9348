using System.Collections.Concurrent;
using Google.Protobuf.Reflection;

namespace Waypoint.Protos.Scanning;

/// <summary>The fields of a message type by number, ready for a walk. Cached for the life of the process: as many as there are declared types.</summary>
internal sealed class MessageShape
{
    private const int TableSize = 64;

    private static readonly ConcurrentDictionary<MessageDescriptor, MessageShape> Cache = new();

    private readonly FieldShape?[] _low = new FieldShape?[TableSize];

    private readonly Dictionary<int, FieldShape> _high = [];

    private MessageShape(MessageDescriptor type)
    {
        FullName = type.FullName;
        IsAny = FullName == "google.protobuf.Any";
        IsTypedStruct = FullName is "udpa.type.v1.TypedStruct" or "xds.type.v3.TypedStruct";
        // Struct, Value and ListValue hold any data by design; there is nothing to know about it.
        IsFreeForm = FullName is "google.protobuf.Struct" or "google.protobuf.Value" or "google.protobuf.ListValue";
        IsStrict = StrictTypes.Contains(FullName);
        CoversBelow = StrictTypes.Covers(FullName);
        foreach (FieldDescriptor field in type.Fields.InFieldNumberOrder())
        {
            var shape = new FieldShape(field);
            if (field.FieldNumber < TableSize) _low[field.FieldNumber] = shape;
            else _high[field.FieldNumber] = shape;
        }
    }

    public string FullName { get; }

    public bool IsAny { get; }

    public bool IsTypedStruct { get; }

    public bool IsFreeForm { get; }

    /// <summary>See <see cref="StrictTypes"/>.</summary>
    public bool IsStrict { get; }

    public bool CoversBelow { get; }

    public static MessageShape Of(MessageDescriptor type) => Cache.GetOrAdd(type, static key => new MessageShape(key));

    public FieldShape? Find(int number)
    {
        if ((uint)number < TableSize) return _low[number];
        return _high.GetValueOrDefault(number);
    }
}
