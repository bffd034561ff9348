using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Waypoint.Protos.Scanning;

namespace Waypoint.Protos.Declarations;

/// <summary>One .proto file of the descriptor set: its names at once, its types when they are asked for.</summary>
internal sealed class DeclaredFile
{
    // google.protobuf.FileDescriptorProto.package and options; google.protobuf.FileOptions.csharp_namespace.
    private const int PackageField = 2;
    private const int OptionsField = 8;
    private const int NamespaceField = 37;

    private readonly ReadOnlyMemory<byte> _bytes;

    private FileDescriptorProto? _content;

    private DeclaredFile(ReadOnlyMemory<byte> bytes, string package, string clrNamespace)
    {
        _bytes = bytes;
        Package = package;
        Namespace = clrNamespace;
    }

    /// <summary>`package`.</summary>
    public string Package { get; }

    /// <summary>`option csharp_namespace`; empty if the file has none.</summary>
    public string Namespace { get; }

    /// <summary>`message_type`.</summary>
    public RepeatedField<DescriptorProto> MessageTypes => Content.MessageType;

    /// <summary>`enum_type`.</summary>
    public RepeatedField<EnumDescriptorProto> EnumTypes => Content.EnumType;

    // Two threads may parse the same file once each; both results say the same.
    private FileDescriptorProto Content => _content ??= FileDescriptorProto.Parser.ParseFrom(_bytes.Span);

    /// <summary>Takes the file that lies at <paramref name="start"/>.</summary>
    public static DeclaredFile Read(byte[] set, int start, int end)
    {
        string package = Text(set, Find(set, start, end, PackageField));
        (int Start, int End) options = Find(set, start, end, OptionsField);
        return new DeclaredFile(set.AsMemory(start, end - start), package, Text(set, Find(set, options.Start, options.End, NamespaceField)));
    }

    private static string Text(byte[] set, (int Start, int End) block) => Encoding.UTF8.GetString(set, block.Start, block.End - block.Start);

    private static (int Start, int End) Find(byte[] set, int start, int end, int wanted)
    {
        var reader = new WireReader(set, start, end);
        while (reader.TryReadTag(out int number, out WireFormat.WireType type))
        {
            if (number == wanted && reader.TryReadBlock(out int blockStart, out int blockEnd)) return (blockStart, blockEnd);
            if (!reader.TrySkip(number, type, 0)) break;
        }
        return (start, start);
    }
}
