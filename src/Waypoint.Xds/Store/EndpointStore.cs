using Waypoint.Model.Endpoints;
using Waypoint.Model.Hashing;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Decoding;

namespace Waypoint.Xds.Store;

/// <summary>EDS: the endpoints of clusters that CDS told us of. istiod goes on answering for names whose cluster is gone; those are not kept. Not thread-safe.</summary>
internal sealed class EndpointStore
{
    private readonly LastGood<ClusterEndpoints> _assignments = new();

    /// <summary>True once an answer came for the name, be it empty or refused: nobody need wait any longer.</summary>
    public bool IsAnswered(string serviceName) => _assignments.Contains(serviceName);

    /// <summary>The endpoints; null until they arrived.</summary>
    public ClusterEndpoints? Find(string serviceName) => _assignments.Find(serviceName);

    /// <summary>Takes a response over and tells <paramref name="changed"/> of every service whose endpoints are new.</summary>
    public void Apply(AdsResponse response, ClusterStore clusters, Refusals refusals, Action<DecodeContext> decoded, Action<string, ClusterEndpoints> changed)
    {
        _assignments.Expect(response.Resources.Count);
        foreach (AdsResource resource in response.Resources)
        {
            if (!clusters.HasService(resource.Name))
                continue;
            ContentHash hash = ContentHash.Of(resource.Value.Span);
            if (!_assignments.IsUnchanged(resource.Name, hash))
            {
                Decoded<ClusterEndpoints> result = ResourceDecoder.LoadAssignment(resource.Name, resource.Value, _assignments.Find(resource.Name));
                decoded(result.Context);
                if (result.Value is { } endpoints)
                {
                    _assignments.Accept(resource.Name, hash, endpoints);
                    changed(resource.Name, endpoints);
                }
                else
                {
                    _assignments.Refuse(resource.Name, hash, Refusals.Describe(result.Context));
                }
            }

            if (_assignments.RefusalOf(resource.Name) is { } refusal)
                refusals.Add(resource.Name, refusal);
        }
    }

    /// <summary>Forgets a service that no cluster names any more; should it return, its endpoints are asked for anew.</summary>
    public void Forget(string serviceName) => _assignments.Remove(serviceName);
}
