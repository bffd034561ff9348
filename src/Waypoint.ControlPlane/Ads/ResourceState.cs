using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.ControlPlane.Ads;

/// <summary>Resources by type and name, as the control plane holds them now.</summary>
internal sealed class ResourceState
{
    private readonly Dictionary<string, Dictionary<string, Resource>> _types = new(StringComparer.Ordinal);

    public void Apply(AdsPush push)
    {
        if (!_types.TryGetValue(push.TypeUrl, out var known))
            _types.Add(push.TypeUrl, known = new Dictionary<string, Resource>(StringComparer.Ordinal));
        foreach (var resource in push.Resources)
            known[resource.Name] = resource;
        foreach (var name in push.Removed)
            known.Remove(name);
    }

    public IReadOnlyDictionary<string, Resource> Of(string typeUrl) =>
        _types.TryGetValue(typeUrl, out var known) ? known : EmptyType;

    /// <summary>What a subscription by name gets. Endpoints answer every name, other types only what there is.</summary>
    public Resource? Answer(string typeUrl, string name)
    {
        if (Of(typeUrl).TryGetValue(name, out var found))
            return found;
        return typeUrl != ResourceTypes.Endpoints ? null : new Resource
        {
            Name = name,
            Resource_ = new Any { TypeUrl = typeUrl, Value = new ClusterLoadAssignment { ClusterName = name }.ToByteString() },
        };
    }

    private static IReadOnlyDictionary<string, Resource> EmptyType { get; } = new Dictionary<string, Resource>();
}
