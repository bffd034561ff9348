using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Authorization;
using HttpRbac = Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;
using NetworkRbac = Waypoint.Protos.Envoy.Extensions.Filters.Network.Rbac.V3.RBAC;

namespace Waypoint.Xds.Tests.Decoding.Authorization;

/// <summary>Whatever RBAC a real istiod ever sent must be understood as a whole.</summary>
public sealed class RbacRecordingsTests
{
    private const string Variable = "WAYPOINT_RECORDINGS";

    [Fact]
    public void Decode_EveryRecordedFilter_NoProblem()
    {
        string[] files = [.. Roots().Where(Directory.Exists).SelectMany(static root => Directory.EnumerateFiles(root, "*-lds.binpb", SearchOption.AllDirectories))];
        if (files.Length == 0)
            Assert.Skip($"no recordings: set {Variable} to folders that contain recorded/NN-lds.binpb");
        var seen = new HashSet<ByteString>();
        List<string> problems = [];
        foreach (string file in files)
        {
            foreach (Resource resource in DeltaDiscoveryResponse.Parser.ParseFrom(File.ReadAllBytes(file)).Resources)
                Visit(resource.Resource_, file, seen, problems);
        }

        Assert.Empty(problems);
        Assert.True(seen.Count > 50, $"{seen.Count} different filters");
    }

    private static void Visit(IMessage? message, string file, HashSet<ByteString> seen, List<string> problems)
    {
        if (message is Any any)
        {
            Decode(any, file, seen, problems);
            if (ProtoRegistry.TryFind(any.TypeUrl, out MessageDescriptor? type))
                Visit(type.Parser.ParseFrom(any.Value), file, seen, problems);
            return;
        }

        foreach (FieldDescriptor field in message?.Descriptor.Fields.InDeclarationOrder() ?? [])
        {
            if (field.FieldType != FieldType.Message)
                continue;
            object? value = field.Accessor.GetValue(message);
            IEnumerable inner = value switch
            {
                null => Array.Empty<IMessage>(),
                IDictionary map => map.Values,
                IList list => list,
                _ => new[] { value },
            };
            foreach (IMessage part in inner.OfType<IMessage>())
                Visit(part, file, seen, problems);
        }
    }

    private static void Decode(Any any, string file, HashSet<ByteString> seen, List<string> problems)
    {
        bool isHttp = any.Is(HttpRbac.Descriptor);
        if ((!isHttp && !any.Is(NetworkRbac.Descriptor)) || !seen.Add(any.Value))
            return;
        var context = new DecodeContext(file);
        if (isHttp)
            RbacDecoder.DecodeHttp("rbac", any, context);
        else
            RbacDecoder.DecodeNetwork("rbac", any, context);
        problems.AddRange(context.Problems.Select(static p => p.Message));
    }

    private static string[] Roots()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } configured)
            return configured.Split([Path.PathSeparator, ','], StringSplitOptions.RemoveEmptyEntries);
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Waypoint.sln")))
                return [Path.Combine(at.FullName, "..", "shared", "istiod"), Path.Combine(at.FullName, "..", "shared", "suites")];
        }

        return [];
    }
}
