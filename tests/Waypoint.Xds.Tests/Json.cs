using Google.Protobuf;
using Waypoint.Protos;

namespace Waypoint.Xds.Tests;

/// <summary>Messages as people read them, with the names of the .proto files.</summary>
internal static class Json
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithTypeRegistry(ProtoRegistry.Types));

    public static T Parse<T>(string json)
        where T : IMessage, new() => Parser.Parse<T>(json);
}
