using Google.Protobuf.Reflection;
using Waypoint.Protos.Declarations;
using Waypoint.Protos.Envoy.Config.Rbac.V3;
using Waypoint.Protos.Scanning;

namespace Waypoint.Protos.Tests;

/// <summary>The embedded declarations must say what the generated descriptors say: the scanner trusts them.</summary>
public sealed class DeclarationSetTests
{
    [Fact]
    public void Messages_ComparedWithDescriptors_SameFieldsAndNames()
    {
        int compared = 0;
        foreach (MessageDescriptor type in ProtoRegistry.Files.SelectMany(file => file.MessageTypes).SelectMany(WithNested).Where(type => type.ClrType is not null))
        {
            Assert.Equal(type.FullName, ProtoName.Of((Google.Protobuf.IMessage)Activator.CreateInstance(type.ClrType)!));
            MessageShape shape = MessageShape.Of(type.FullName);
            foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
                AssertSame(field, shape.Find(field.FieldNumber));
            compared++;
        }

        Assert.True(compared > 500, $"only {compared} messages");
    }

    [Fact]
    public void EnumNumbers_Nested_AreAllOfThem() => Assert.Equal([0, 1, 2], DeclarationSet.EnumNumbers("envoy.config.rbac.v3.RBAC.Action").Order());

    [Fact]
    public void TryFind_EntryOfAMapByUrl_NotFound() => Assert.False(MessageShape.TryFindByUrl("x/envoy.config.rbac.v3.RBAC.PoliciesEntry"u8, out _));

    [Theory]
    [InlineData("")]
    [InlineData("envoy.config.rbac.v3.RBAC")]
    [InlineData("type.googleapis.com/envoy.config.rbac.v3.Rbac")]
    [InlineData("type.googleapis.com/envoy.config.rbac.v3")]
    public void TryFindByUrl_NoDeclaredType_NotFound(string url) => Assert.False(MessageShape.TryFindByUrl(System.Text.Encoding.UTF8.GetBytes(url), out _));

    [Fact]
    public void Of_NestedType_IsTheDottedName() => Assert.Equal("envoy.config.rbac.v3.Permission.Set", ProtoName.Of<Permission.Types.Set>());

    private static void AssertSame(FieldDescriptor expected, FieldShape? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal((expected.Name, expected.JsonName, expected.IsMap, expected.IsRepeated && !expected.IsMap), (actual.Name, actual.JsonName, actual.IsMap, actual.IsRepeated));
        Assert.Equal(expected.FieldType == FieldType.Message ? expected.MessageType.FullName : null, actual.Message?.FullName);
        Assert.Equal(expected.FieldType == FieldType.Enum ? expected.EnumType.Values.Select(value => value.Number).Order() : null, actual.EnumNumbers?.Order());
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);
}
