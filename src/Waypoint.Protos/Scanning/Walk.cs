using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Google.Protobuf;

namespace Waypoint.Protos.Scanning;

/// <summary>One scan: the bytes, the way down to where it is, and what it found.</summary>
internal ref struct Walk(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;

    private Steps _steps;

    private int _depth;

    private List<UndeclaredContent>? _findings;

    private bool _truncated;

    public void Enter(MessageShape shape) => Message(shape, 0, _data.Length, strictAbove: false);

    public readonly ScanReport ToReport() => _findings is null ? ScanReport.Clean : new ScanReport(_findings, _truncated);

    private void Message(MessageShape shape, int start, int end, bool strictAbove)
    {
        if (shape.IsFreeForm) return;
        bool strict = strictAbove || shape.IsStrict;
        bool strictBelow = strictAbove || shape.CoversBelow;
        if (shape.IsAny)
        {
            AnyContent(start, end, strict);
            return;
        }
        if (shape.IsTypedStruct)
        {
            TypedStructContent(shape, start, end, strict);
            return;
        }
        var reader = new WireReader(_data, start, end);
        while (!reader.AtEnd)
        {
            int tag = reader.Position;
            if (!reader.TryReadTag(out int number, out WireFormat.WireType type))
            {
                Add(UndeclaredKind.Malformed, shape, 0, "", strict);
                return;
            }
            FieldShape? field = shape.Find(number);
            bool declared = field is not null && (type == field.WireType || (field.MayBePacked && type == WireFormat.WireType.LengthDelimited));
            if (!declared) Add(UndeclaredKind.Field, shape, number, "", strict);
            bool whole = declared
                ? Field(shape, field!, type, ref reader, new Step(field!, start, tag, 0, 0), strict, strictBelow)
                : reader.TrySkip(number, type, UndeclaredFieldScanner.MaxDepth);
            if (whole) continue;
            Add(UndeclaredKind.Malformed, shape, number, "", strict);
            return;
        }
    }

    private bool Field(
        MessageShape shape, FieldShape field, WireFormat.WireType type, ref WireReader reader, Step step, bool strict, bool strictBelow)
    {
        if (field.Message is { } child)
        {
            if (!reader.TryReadBlock(out int start, out int end)) return false;
            Child(shape, child, step with { ChildStart = start, ChildEnd = end }, strict, strictBelow);
            return true;
        }
        if (field.EnumNumbers is null) return reader.TrySkip(field.Number, type, 0);
        if (type == WireFormat.WireType.Varint) return EnumValue(shape, field, ref reader, strict);
        if (!reader.TryReadBlock(out int packedStart, out int packedEnd)) return false;
        var packed = new WireReader(_data, packedStart, packedEnd);
        while (!packed.AtEnd)
        {
            if (!EnumValue(shape, field, ref packed, strict)) return false;
        }
        return true;
    }

    private bool EnumValue(MessageShape shape, FieldShape field, ref WireReader reader, bool strict)
    {
        if (!reader.TryReadVarint(out ulong raw)) return false;
        // As the parser does: an enum is 32 bits wide, whatever the varint says.
        int value = unchecked((int)raw);
        if (!field.EnumNumbers!.Contains(value))
            Add(UndeclaredKind.EnumValue, shape, field.Number, string.Create(CultureInfo.InvariantCulture, $"{value} of {field.EnumName}"), strict);
        return true;
    }

    private void Child(MessageShape parent, MessageShape child, Step step, bool strict, bool strictBelow)
    {
        if (_depth >= UndeclaredFieldScanner.MaxDepth)
        {
            Add(UndeclaredKind.TooDeep, parent, step.Field.Number, "", strict);
            return;
        }
        _steps[_depth++] = step;
        // The Any and the TypedStruct are their holder's: whether an unknown type may be ignored is the holder's to say.
        Message(child, step.ChildStart, step.ChildEnd, child.IsAny || child.IsTypedStruct || step.Field.IsMap ? strict : strictBelow);
        _depth--;
    }

    private void AnyContent(int start, int end, bool strict)
    {
        if (!TryReadPair(start, end, out (int Start, int End) url, out (int Start, int End) value, out int unknown))
        {
            Add(UndeclaredKind.Malformed, "google.protobuf.Any", 0, "", strict);
            return;
        }
        if (unknown != 0) Add(UndeclaredKind.Field, "google.protobuf.Any", unknown, "", strict);
        ReadOnlySpan<byte> urlBytes = _data[url.Start..url.End];
        // istiod sends an Any without type and value where a Wasm plug-in has no configuration: there is nothing in it to miss.
        if (urlBytes.IsEmpty && value.Start == value.End) return;
        if (!MessageShape.TryFindByUrl(urlBytes, out MessageShape? content))
        {
            Add(UndeclaredKind.TypeUrl, "google.protobuf.Any", 1, Encoding.UTF8.GetString(urlBytes), strict);
            return;
        }
        // What lies inside is judged by its own type; a wrapper has none worth judging.
        Message(content, value.Start, value.End, strictAbove: strict && (content.IsAny || content.IsTypedStruct));
    }

    private void TypedStructContent(MessageShape shape, int start, int end, bool strict)
    {
        if (!TryReadPair(start, end, out (int Start, int End) url, out (int Start, int End) value, out int unknown))
        {
            Add(UndeclaredKind.Malformed, shape, 0, "", strict);
            return;
        }
        if (unknown != 0) Add(UndeclaredKind.Field, shape, unknown, "", strict);
        ReadOnlySpan<byte> urlBytes = _data[url.Start..url.End];
        if (!MessageShape.TryFindByUrl(urlBytes, out MessageShape? type))
        {
            Add(UndeclaredKind.TypeUrl, shape, 1, Encoding.UTF8.GetString(urlBytes), strict);
            return;
        }
        string path = Path();
        bool decides = StrictTypes.Contains(type.FullName);
        foreach (UndeclaredContent finding in TypedStructNames.Check(_data[value.Start..value.End], type, path, decides)) Add(finding);
    }

    /// <summary>Field 1 and field 2 of an Any or TypedStruct; the last one of each wins, as in a parser.</summary>
    private readonly bool TryReadPair(int start, int end, out (int Start, int End) first, out (int Start, int End) second, out int unknown)
    {
        first = second = (start, start);
        unknown = 0;
        var reader = new WireReader(_data, start, end);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadTag(out int number, out WireFormat.WireType type)) return false;
            if (number is 1 or 2 && type == WireFormat.WireType.LengthDelimited)
            {
                if (!reader.TryReadBlock(out int blockStart, out int blockEnd)) return false;
                if (number == 1) first = (blockStart, blockEnd);
                else second = (blockStart, blockEnd);
                continue;
            }
            unknown = number;
            if (!reader.TrySkip(number, type, UndeclaredFieldScanner.MaxDepth)) return false;
        }
        return true;
    }

    private void Add(UndeclaredKind kind, MessageShape shape, int number, string detail, bool strict) =>
        Add(kind, shape.FullName, number, detail, strict);

    private void Add(UndeclaredKind kind, string message, int number, string detail, bool strict) =>
        Add(new UndeclaredContent(kind, Path(), message, number, detail, strict));

    private void Add(UndeclaredContent finding)
    {
        _findings ??= [];
        if (_findings.Count < UndeclaredFieldScanner.MaxFindings) _findings.Add(finding);
        else _truncated = true;
    }

    private readonly string Path()
    {
        var path = new StringBuilder();
        for (int i = 0; i < _depth; i++)
        {
            Step step = _steps[i];
            // A map entry is a message of its own on the wire; below it stands only its value.
            if (i > 0 && _steps[i - 1].Field.IsMap) continue;
            if (path.Length > 0) path.Append('.');
            path.Append(step.Field.Name);
            if (step.Field.IsRepeated) path.Append(CultureInfo.InvariantCulture, $"[{IndexOf(step)}]");
            if (step.Field.IsMap) path.Append('[').Append(KeyOf(step)).Append(']');
        }
        return path.ToString();
    }

    private readonly int IndexOf(Step step)
    {
        int index = 0;
        var reader = new WireReader(_data, step.ParentStart, step.ChildTag);
        while (reader.TryReadTag(out int number, out WireFormat.WireType type))
        {
            if (number == step.Field.Number) index++;
            if (!reader.TrySkip(number, type, UndeclaredFieldScanner.MaxDepth)) break;
        }
        return index;
    }

    private readonly string KeyOf(Step step)
    {
        var reader = new WireReader(_data, step.ChildStart, step.ChildEnd);
        while (reader.TryReadTag(out int number, out WireFormat.WireType type))
        {
            if (number == 1 && type == WireFormat.WireType.LengthDelimited)
                return reader.TryReadBlock(out int start, out int end) ? Encoding.UTF8.GetString(_data[start..end]) : "";
            if (number == 1) return reader.TryReadVarint(out ulong key) ? key.ToString(CultureInfo.InvariantCulture) : "";
            if (!reader.TrySkip(number, type, UndeclaredFieldScanner.MaxDepth)) break;
        }
        return "";
    }

    /// <summary>The way down; on the stack, since most scans find nothing and need no path.</summary>
    [InlineArray(UndeclaredFieldScanner.MaxDepth)]
    private struct Steps
    {
        private Step _first;
    }
}
