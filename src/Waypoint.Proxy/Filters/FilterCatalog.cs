using Microsoft.Extensions.Logging;
using Waypoint.Model.Authorization;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Filters.Cors;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Filters.Fault;
using Waypoint.Model.Filters.GrpcWeb;
using Waypoint.Model.Filters.HeaderMutation;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Proxy.Filters.Cors;
using Waypoint.Proxy.Filters.ExtAuthz;
using Waypoint.Proxy.Filters.Fault;
using Waypoint.Proxy.Filters.GrpcWeb;
using Waypoint.Proxy.Filters.HeaderMutation;
using Waypoint.Proxy.Filters.JwtAuthn;
using Waypoint.Proxy.Filters.Rbac;
using Waypoint.Proxy.Snapshots;

namespace Waypoint.Proxy.Filters;

/// <summary>Which code runs for which filter configuration: one line per filter. The decoder refuses what has no line here.</summary>
internal sealed class FilterCatalog
{
    private readonly TimeProvider _time;
    private readonly ILogger<JwtAuthnFilter> _jwtLogger;
    private readonly RemoteKeySets _keySets;

    /// <param name="snapshot">The snapshot in force, for filters that call out without a request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where filters log.</param>
    public FilterCatalog(Func<RuntimeSnapshot> snapshot, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        _jwtLogger = loggers.CreateLogger<JwtAuthnFilter>();
        _keySets = new RemoteKeySets(new ClusterKeySetFetcher(snapshot, time, _jwtLogger), time, _jwtLogger);
    }

    /// <summary>The HTTP filters of a chain, in order.</summary>
    public IHttpFilter[] Create(FilterChain chain)
    {
        if (chain.Http is not { } http)
        {
            return [];
        }

        var filters = new IHttpFilter[http.Filters.Count];
        for (int i = 0; i < filters.Length; i++)
        {
            filters[i] = http.Filters[i] switch
            {
                RbacFilterConfig rbac => new RbacFilter(rbac),
                JwtAuthnFilterConfig jwt => new JwtAuthnFilter(jwt, new ProviderKeys(jwt, _keySets, _time, _jwtLogger)),
                ExtAuthzFilterConfig authorizer => new ExtAuthzFilter(authorizer),
                FaultFilterConfig fault => new FaultFilter(fault),
                CorsFilterConfig cors => new CorsFilter(cors),
                GrpcWebFilterConfig grpcWeb => new GrpcWebFilter(grpcWeb),
                HeaderMutationFilterConfig mutation => new HeaderMutationFilter(mutation),
                // A configuration without code would be an open door: the chain answers nothing but 503.
                _ => new RefusingFilter(),
            };
        }

        return filters;
    }
}
