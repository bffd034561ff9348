using Waypoint.Model.Matching;

namespace Waypoint.Model.Requests;

/// <summary>Dynamic metadata of a request: what filters left under their names (a JWT payload under <c>envoy.filters.http.jwt_authn</c>).</summary>
public interface IMetadataView
{
    /// <summary>What <paramref name="filter"/> left, a struct; null if it left nothing.</summary>
    MetadataValue? Get(string filter);
}
