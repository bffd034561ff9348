using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Waypoint.Protos;

/// <summary>
/// Every message type this assembly declares (and the well-known types), by type URL. Immutable and thread-safe.
/// The first touch initialises all descriptors: do it while connecting, not on the first response.
/// </summary>
public static class ProtoRegistry
{
    /// <summary>What a type URL starts with. Only the part behind the last slash decides; istiod always sends this prefix.</summary>
    public const string TypeUrlPrefix = "type.googleapis.com/";

    private const int MaxTypeNameBytes = 256;

    private static readonly FrozenDictionary<string, MessageDescriptor> ByName = Collect(DeclaredFiles.All);

    private static readonly FrozenDictionary<string, MessageDescriptor>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>For <see cref="JsonParser"/> and <see cref="JsonFormatter"/>: all declared types and the well-known ones.</summary>
    public static TypeRegistry Types { get; } = TypeRegistry.FromFiles(DeclaredFiles.All);

    /// <summary>The declared .proto files.</summary>
    public static IReadOnlyList<FileDescriptor> Files => DeclaredFiles.All;

    /// <summary>All declared messages, nested ones included, by full name (`envoy.config.cluster.v3.Cluster`).</summary>
    public static IReadOnlyDictionary<string, MessageDescriptor> Messages => ByName;

    /// <summary>The type URL under which a message travels in an Any.</summary>
    public static string TypeUrlOf(MessageDescriptor type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return TypeUrlPrefix + type.FullName;
    }

    /// <summary>Finds a type by its URL; false for an empty URL, one without a slash, and one that is not declared.</summary>
    /// <param name="typeUrl">As it stands in an Any, in a subscription or in a TypedStruct.</param>
    public static bool TryFind(ReadOnlySpan<char> typeUrl, [NotNullWhen(true)] out MessageDescriptor? type)
    {
        int slash = typeUrl.LastIndexOf('/');
        type = null;
        return slash >= 0 && BySpan.TryGetValue(typeUrl[(slash + 1)..], out type);
    }

    /// <inheritdoc cref="TryFind(ReadOnlySpan{char}, out MessageDescriptor?)"/>
    /// <param name="typeUrl">The UTF-8 bytes of field `type_url`.</param>
    internal static bool TryFind(ReadOnlySpan<byte> typeUrl, [NotNullWhen(true)] out MessageDescriptor? type)
    {
        type = null;
        if (typeUrl.Length > MaxTypeNameBytes) return false;
        Span<char> text = stackalloc char[MaxTypeNameBytes];
        return Encoding.UTF8.TryGetChars(typeUrl, text, out int length) && TryFind(text[..length], out type);
    }

    /// <summary>The parser of the type behind a URL, or null when it is not declared.</summary>
    public static MessageParser? FindParser(ReadOnlySpan<char> typeUrl) => TryFind(typeUrl, out MessageDescriptor? type) ? type.Parser : null;

    private static FrozenDictionary<string, MessageDescriptor> Collect(IEnumerable<FileDescriptor> files)
    {
        var found = new Dictionary<string, MessageDescriptor>(StringComparer.Ordinal);
        var seen = new HashSet<FileDescriptor>();
        foreach (FileDescriptor file in files) AddFile(file);
        return found.ToFrozenDictionary(StringComparer.Ordinal);

        void AddFile(FileDescriptor file)
        {
            if (!seen.Add(file)) return;
            foreach (FileDescriptor dependency in file.Dependencies) AddFile(dependency);
            foreach (MessageDescriptor message in file.MessageTypes) AddMessage(message);
        }

        void AddMessage(MessageDescriptor message)
        {
            found[message.FullName] = message;
            foreach (MessageDescriptor nested in message.NestedTypes)
            {
                // A map entry has no class of its own and travels in no Any.
                if (nested.ClrType is not null) AddMessage(nested);
            }
        }
    }
}
