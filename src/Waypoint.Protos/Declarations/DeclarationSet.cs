using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Waypoint.Protos.Scanning;

namespace Waypoint.Protos.Declarations;

/// <summary>
/// What the .proto files declare (the well-known ones included), read from the descriptor set that the compiler wrote. The generated descriptors hold the same, but come to
/// life with reflection over every field: half a second of start and 25 MB. Files are parsed as types are asked for. Thread-safe.
/// </summary>
internal static class DeclarationSet
{
    private static readonly byte[] Bytes = Load();

    private static readonly List<DeclaredFile> Files = ReadFiles();

    private static readonly Dictionary<string, List<DeclaredFile>> Packages = Index(static file => file.Package);

    private static readonly Dictionary<string, List<DeclaredFile>>.AlternateLookup<ReadOnlySpan<char>> PackagesBySpan = Packages.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly Dictionary<string, List<DeclaredFile>> Namespaces = Index(static file => file.Namespace);

    /// <summary>Only names that were found, so no more than are declared.</summary>
    private static readonly ConcurrentDictionary<string, DescriptorProto>.AlternateLookup<ReadOnlySpan<char>> Known =
        new ConcurrentDictionary<string, DescriptorProto>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private delegate T? Finder<T>(DeclaredFile file, ReadOnlySpan<char> nestedName)
        where T : class;

    /// <summary>The package whose classes live in a C# namespace; null if there is none.</summary>
    public static string? PackageOf(string clrNamespace) => Namespaces.TryGetValue(clrNamespace, out List<DeclaredFile>? files) ? files[0].Package : null;

    /// <summary>The declaration of a message by its full name, nested ones and entries of maps included.</summary>
    public static bool TryFindMessage(ReadOnlySpan<char> fullName, [NotNullWhen(true)] out DescriptorProto? declaration)
    {
        if (Known.TryGetValue(fullName, out declaration)) return true;
        declaration = Find(fullName, static (file, nested) => Search(file.MessageTypes, nested));
        if (declaration is null) return false;
        Known.TryAdd(fullName, declaration);
        return true;
    }

    /// <summary>The numbers of an enum by its full name; empty if it is not declared.</summary>
    public static IEnumerable<int> EnumNumbers(string fullName) =>
        Find(fullName, static (file, nested) => SearchEnum(file, nested))?.Value.Select(static value => value.Number) ?? [];

    private static T? Find<T>(ReadOnlySpan<char> fullName, Finder<T> search)
        where T : class
    {
        // Where the package ends and nested names begin cannot be told from the dots: the longest package that exists is the one.
        for (int dot = fullName.LastIndexOf('.'); dot > 0; dot = fullName[..dot].LastIndexOf('.'))
        {
            if (!PackagesBySpan.TryGetValue(fullName[..dot], out List<DeclaredFile>? files)) continue;
            foreach (DeclaredFile file in files)
            {
                if (search(file, fullName[(dot + 1)..]) is { } found) return found;
            }
        }
        return null;
    }

    private static DescriptorProto? Search(IEnumerable<DescriptorProto> types, ReadOnlySpan<char> name)
    {
        int dot = name.IndexOf('.');
        ReadOnlySpan<char> first = dot < 0 ? name : name[..dot];
        foreach (DescriptorProto type in types)
        {
            if (first.SequenceEqual(type.Name)) return dot < 0 ? type : Search(type.NestedType, name[(dot + 1)..]);
        }
        return null;
    }

    private static EnumDescriptorProto? SearchEnum(DeclaredFile file, ReadOnlySpan<char> name)
    {
        int dot = name.LastIndexOf('.');
        IEnumerable<EnumDescriptorProto>? enums = dot < 0 ? file.EnumTypes : Search(file.MessageTypes, name[..dot])?.EnumType;
        ReadOnlySpan<char> last = name[(dot + 1)..];
        foreach (EnumDescriptorProto type in enums ?? [])
        {
            if (last.SequenceEqual(type.Name)) return type;
        }
        return null;
    }

    private static Dictionary<string, List<DeclaredFile>> Index(Func<DeclaredFile, string> key)
    {
        var index = new Dictionary<string, List<DeclaredFile>>(StringComparer.Ordinal);
        foreach (DeclaredFile file in Files)
        {
            if (!index.TryGetValue(key(file), out List<DeclaredFile>? files)) index.Add(key(file), files = []);
            files.Add(file);
        }
        return index;
    }

    /// <summary>Field 1 of google.protobuf.FileDescriptorSet, one per file.</summary>
    private static List<DeclaredFile> ReadFiles()
    {
        var files = new List<DeclaredFile>();
        var reader = new WireReader(Bytes, 0, Bytes.Length);
        while (reader.TryReadTag(out int number, out WireFormat.WireType type))
        {
            if (number == 1 && type == WireFormat.WireType.LengthDelimited && reader.TryReadBlock(out int start, out int end))
                files.Add(DeclaredFile.Read(Bytes, start, end));
            else if (!reader.TrySkip(number, type, 0))
                break;
        }
        return files;
    }

    private static byte[] Load()
    {
        using Stream stream = typeof(DeclarationSet).Assembly.GetManifestResourceStream("declarations.pb")
            ?? throw new InvalidOperationException("The assembly was built without its declarations.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
