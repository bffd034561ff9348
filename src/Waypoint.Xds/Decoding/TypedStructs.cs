using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using UdpaStruct = Waypoint.Protos.Udpa.Type.V1.TypedStruct;
using XdsStruct = Waypoint.Protos.Xds.Type.V3.TypedStruct;

namespace Waypoint.Xds.Decoding;

/// <summary>Looks through <c>TypedStruct</c>: Istio's own filters travel as JSON-like structs that name their type inside.</summary>
internal static class TypedStructs
{
    private const string Udpa = "udpa.type.v1.TypedStruct";
    private const string Xds = "xds.type.v3.TypedStruct";

    /// <summary>Full message name of what the <c>Any</c> stands for; empty if there is none or the bytes are no message.</summary>
    public static string NameOf(Any? any)
    {
        if (any is null)
            return "";
        string name = TypedConfig.NameOf(any);
        if (name is not (Udpa or Xds))
            return name;
        try
        {
            string inner = name == Udpa ? UdpaStruct.Parser.ParseFrom(any.Value).TypeUrl : XdsStruct.Parser.ParseFrom(any.Value).TypeUrl;
            return inner[(inner.LastIndexOf('/') + 1)..];
        }
        catch (InvalidProtocolBufferException)
        {
            return "";
        }
    }
}
