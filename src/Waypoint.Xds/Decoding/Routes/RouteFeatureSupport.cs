using System.Collections.Frozen;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>What the data path does not execute yet, and what that means for a route that asks for it. A feature that gets implemented loses its line here.</summary>
public sealed class RouteFeatureSupport
{
    private readonly FrozenDictionary<RouteFeature, Missing> _missing;

    private RouteFeatureSupport(Dictionary<RouteFeature, Missing> missing) => _missing = missing.ToFrozenDictionary();

    private enum Missing
    {
        /// <summary>Doing without it changes who may do what, or where a request goes.</summary>
        RefuseRoute,

        /// <summary>Doing without it is noticed by nobody but the one who measures.</summary>
        Ignore,
    }

    /// <summary>What this proxy executes.</summary>
    public static RouteFeatureSupport Proxy { get; } = new(new()
    {
        [RouteFeature.CorsWithoutFilter] = Missing.RefuseRoute,
        [RouteFeature.InternalRedirects] = Missing.RefuseRoute,
        [RouteFeature.InternalOnlyHeaders] = Missing.RefuseRoute,
        [RouteFeature.ConnectTermination] = Missing.RefuseRoute,
        [RouteFeature.EndpointHostRewrite] = Missing.RefuseRoute,
        [RouteFeature.UpgradesPerRoute] = Missing.RefuseRoute,
        [RouteFeature.FilterConfigPerWeightedCluster] = Missing.RefuseRoute,
        [RouteFeature.Hedging] = Missing.Ignore,
    });

    /// <summary>Everything that can be decoded: for what asks the pure model only.</summary>
    public static RouteFeatureSupport Everything { get; } = new([]);

    /// <summary>Reports field <paramref name="name"/> of the current message if it asks for a feature that is missing.</summary>
    internal void Require(RouteFeature feature, string name, DecodeContext context)
    {
        if (!_missing.TryGetValue(feature, out var missing))
            return;
        if (missing == Missing.Ignore)
            context.Ignore(name, $"{feature} is not implemented");
        else
            context.Refuse(name, $"asks for {feature}, which is not implemented");
    }
}
