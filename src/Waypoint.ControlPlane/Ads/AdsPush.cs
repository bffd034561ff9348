using Google.Protobuf;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.ControlPlane.Ads;

/// <summary>A change of one type: what one response of istiod carries.</summary>
/// <param name="TypeUrl">Of every resource in it.</param>
/// <param name="Resources">New, changed, or sent again.</param>
/// <param name="Removed">Names that are gone.</param>
public sealed record AdsPush(string TypeUrl, IReadOnlyList<Resource> Resources, IReadOnlyList<string> Removed)
{
    /// <summary>A push of resources without removals.</summary>
    /// <param name="typeUrl">Of every resource.</param>
    /// <param name="resources">New or changed.</param>
    public AdsPush(string typeUrl, params IReadOnlyList<Resource> resources) : this(typeUrl, resources, [])
    {
    }

    /// <summary>Wraps a message as a resource.</summary>
    /// <param name="name">Of the resource.</param>
    /// <param name="message">Its content; the type URL is that of the message.</param>
    /// <param name="version">Only WDS has one.</param>
    public static Resource Resource(string name, IMessage message, string version = "") =>
        new() { Name = name, Version = version, Resource_ = global::Google.Protobuf.WellKnownTypes.Any.Pack(message) };
}
