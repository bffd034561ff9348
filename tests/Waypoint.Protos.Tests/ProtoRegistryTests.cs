using Google.Protobuf.Reflection;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Scanning;

namespace Waypoint.Protos.Tests;

public sealed class ProtoRegistryTests
{
    [Fact]
    public void Files_ComparedWithTheAssembly_NoneIsForgotten()
    {
        IEnumerable<string> generated = typeof(ProtoRegistry).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => ((FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!).Name)
            .Order(StringComparer.Ordinal);
        Assert.Equal(generated, ProtoRegistry.Files.Select(file => file.Name).Where(IsOurs).Order(StringComparer.Ordinal));
        Assert.All(DeclaredFiles.All, file => Assert.Equal(file.Package, file.Descriptor().Package));
    }

    [Fact]
    public void Files_Namespaces_HideNothing()
    {
        string[] segments = [.. ProtoRegistry.Files.Where(file => IsOurs(file.Name)).Select(file => file.GetOptions().CsharpNamespace.Split('.')[2]).Distinct()];
        Assert.DoesNotContain("Google", segments);
        Assert.DoesNotContain("System", segments);
        Assert.DoesNotContain("Type", segments);
    }

    [Theory]
    [InlineData("type.googleapis.com/envoy.config.cluster.v3.Cluster")]
    [InlineData("example.org/some/path/envoy.config.cluster.v3.Cluster")]
    public void TryFind_DeclaredType_FoundWhateverThePrefix(string typeUrl)
    {
        Assert.True(ProtoRegistry.TryFind(typeUrl, out MessageDescriptor? type));
        Assert.Same(Cluster.Descriptor, type);
        Assert.Same(Cluster.Parser, ProtoRegistry.FindParser(typeUrl));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("envoy.config.cluster.v3.Cluster")]
    [InlineData("type.googleapis.com/envoy.config.cluster.v3.Clusters")]
    [InlineData("type.googleapis.com/envoy.config.cluster.v3.Cluster/")]
    public void TryFind_AnythingElse_NotFound(string typeUrl)
    {
        Assert.False(ProtoRegistry.TryFind(typeUrl, out MessageDescriptor? _));
        Assert.Null(ProtoRegistry.FindParser(typeUrl));
    }

    [Theory]
    [InlineData("google.protobuf.StringValue")]
    [InlineData("google.protobuf.Empty")]
    [InlineData("udpa.type.v1.TypedStruct")]
    [InlineData("stats.PluginConfig")]
    [InlineData("envoy.config.rbac.v3.Permission.Set")]
    public void TryFindByName_WellKnownAndNested_Found(string name)
    {
        Assert.True(ProtoRegistry.TryFindByName(name, out MessageDescriptor? type));
        Assert.Equal(name, type.FullName);
    }

    [Fact]
    public void TryFindByName_EntryOfAMap_NotFound() => Assert.False(ProtoRegistry.TryFindByName("envoy.config.rbac.v3.RBAC.PoliciesEntry", out _));

    [Fact]
    public void TypeUrlOf_ThereAndBack_Same() =>
        Assert.True(ProtoRegistry.TryFind(ProtoRegistry.TypeUrlOf(Cluster.Descriptor), out MessageDescriptor? type) && type == Cluster.Descriptor);

    [Fact]
    public void StrictTypes_EveryName_IsADeclaredMessage() =>
        Assert.All(StrictTypes.All, name => Assert.True(ProtoRegistry.TryFindByName(name, out _), name));

    private static bool IsOurs(string file) => !file.StartsWith("google/protobuf/", StringComparison.Ordinal);
}
