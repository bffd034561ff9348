using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Waypoint.Protos;

/// <summary>
/// Every message type this assembly declares (and the well-known types), by type URL. Thread-safe. Descriptors come to life file by file
/// as types are asked for: all of them cost 5 MB of memory and more time than a start to readiness has.
/// </summary>
public static class ProtoRegistry
{
    /// <summary>What a type URL starts with. Only the part behind the last slash decides; istiod always sends this prefix.</summary>
    public const string TypeUrlPrefix = "type.googleapis.com/";

    private static readonly FrozenDictionary<string, Func<FileDescriptor>[]>.AlternateLookup<ReadOnlySpan<char>> Packages = DeclaredFiles.All
        .GroupBy(file => file.Package, file => file.Descriptor)
        .ToFrozenDictionary(package => package.Key, package => package.ToArray(), StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Only names that were found, so no more than are declared.</summary>
    private static readonly ConcurrentDictionary<string, MessageDescriptor>.AlternateLookup<ReadOnlySpan<char>> Known =
        new ConcurrentDictionary<string, MessageDescriptor>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly Lazy<IReadOnlyList<FileDescriptor>> AllFiles = new(static () => [.. DeclaredFiles.All.Select(file => file.Descriptor())]);

    private static readonly Lazy<TypeRegistry> AllTypes = new(static () => TypeRegistry.FromFiles(Files));

    /// <summary>For <see cref="JsonParser"/> and <see cref="JsonFormatter"/>: all declared types. The first use brings every descriptor to life.</summary>
    public static TypeRegistry Types => AllTypes.Value;

    /// <summary>The declared .proto files and the well-known ones. The first use brings every descriptor to life.</summary>
    public static IReadOnlyList<FileDescriptor> Files => AllFiles.Value;

    /// <summary>The type URL under which a message travels in an Any.</summary>
    public static string TypeUrlOf(MessageDescriptor type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return TypeUrlPrefix + type.FullName;
    }

    /// <summary>Finds a type by its URL; false for one without a slash and one that is not declared.</summary>
    /// <param name="typeUrl">As it stands in an Any, in a subscription or in a TypedStruct.</param>
    /// <param name="type">The declared type.</param>
    public static bool TryFind(ReadOnlySpan<char> typeUrl, [NotNullWhen(true)] out MessageDescriptor? type)
    {
        int slash = typeUrl.LastIndexOf('/');
        type = null;
        return slash >= 0 && TryFindByName(typeUrl[(slash + 1)..], out type);
    }

    /// <summary>Finds a type by its full name, nested ones included (`envoy.config.rbac.v3.Permission.Set`).</summary>
    public static bool TryFindByName(ReadOnlySpan<char> fullName, [NotNullWhen(true)] out MessageDescriptor? type)
    {
        if (Known.TryGetValue(fullName, out type)) return true;
        type = Search(fullName);
        if (type is null) return false;
        Known.TryAdd(fullName, type);
        return true;
    }

    /// <summary>The parser of the type behind a URL, or null when it is not declared.</summary>
    public static MessageParser? FindParser(ReadOnlySpan<char> typeUrl) => TryFind(typeUrl, out MessageDescriptor? type) ? type.Parser : null;

    private static MessageDescriptor? Search(ReadOnlySpan<char> fullName)
    {
        // Where the package ends and nested names begin cannot be told from the dots: the longest package that exists is the one.
        for (int dot = fullName.LastIndexOf('.'); dot > 0; dot = fullName[..dot].LastIndexOf('.'))
        {
            if (!Packages.TryGetValue(fullName[..dot], out Func<FileDescriptor>[]? files)) continue;
            foreach (Func<FileDescriptor> file in files)
            {
                if (Search(file().MessageTypes, fullName[(dot + 1)..]) is { } found) return found;
            }
        }
        return null;
    }

    private static MessageDescriptor? Search(IList<MessageDescriptor> types, ReadOnlySpan<char> name)
    {
        int dot = name.IndexOf('.');
        ReadOnlySpan<char> first = dot < 0 ? name : name[..dot];
        foreach (MessageDescriptor type in types)
        {
            // The entry of a map has no class of its own and travels in no Any.
            if (type.ClrType is null || !first.SequenceEqual(type.Name)) continue;
            return dot < 0 ? type : Search(type.NestedTypes, name[(dot + 1)..]);
        }
        return null;
    }
}
