using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.Xds.Ads;

/// <summary>What makes a response unusable as a whole, whatever its resources say.</summary>
internal static class AdsResponseCheck
{
    /// <summary>Our form of the response, or the reason to refuse it.</summary>
    public static AdsResponse? Read(DeltaDiscoveryResponse message, out string? problem)
    {
        var names = new HashSet<string>(message.Resources.Count + message.RemovedResources.Count, StringComparer.Ordinal);
        var resources = new AdsResource[message.Resources.Count];
        for (var i = 0; i < resources.Length; i++)
        {
            var resource = message.Resources[i];
            problem = Problem(resource, message.TypeUrl, names);
            if (problem is not null)
                return null;
            resources[i] = new AdsResource(resource.Name, resource.Version, resource.Resource_.TypeUrl, resource.Resource_.Value);
        }
        var removed = new List<string>(message.RemovedResources.Count + message.RemovedResourceNames.Count);
        removed.AddRange(message.RemovedResources);
        foreach (var name in message.RemovedResourceNames)
            removed.Add(name.Name);
        foreach (var name in removed)
        {
            if (!names.Add(name))
            {
                problem = $"resource '{name}' is removed and sent, or removed twice, in one response; the whole response is refused";
                return null;
            }
        }
        problem = null;
        return new AdsResponse(message.TypeUrl, message.SystemVersionInfo, resources, removed);
    }

    private static string? Problem(Resource resource, string typeUrl, HashSet<string> names)
    {
        if (resource.Resource_ is not { } content)
            return $"resource '{resource.Name}' has no content; the whole response is refused";
        if (content.TypeUrl != typeUrl)
            return $"resource '{resource.Name}' has type '{content.TypeUrl}' in a response of type '{typeUrl}'; the whole response is refused";
        return names.Add(resource.Name) ? null : $"resource '{resource.Name}' occurs twice; the whole response is refused";
    }
}
