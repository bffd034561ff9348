using Waypoint.Model.Formatting;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>Turns the request as it came into the request that goes upstream.</summary>
internal static class RequestEditor
{
    internal static void Edit<THeaders>(in RouteMatch match, in ClusterChoice choice, IFormatValues values, bool suppressEnvoyHeaders, ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        if (match is not { Table: { } table, VirtualHost: { } virtualHost, Route: { Action: ForwardAction action } route })
            return;

        // The weighted entry comes first whatever the order of the other levels, its authority included: what the route says then wins.
        if (choice.Entry is { } entry)
        {
            entry.RequestHeaders.Apply(ref headers, values);
            if (entry.HostRewriteLiteral is not null)
                headers.Set(HeaderNames.Authority, entry.HostRewriteLiteral);
        }

        // Header values may refer to authority and path as they came, so those of the route change last.
        if (table.MostSpecificHeaderEditsWin)
        {
            table.RequestHeaders.Apply(ref headers, values);
            virtualHost.RequestHeaders.Apply(ref headers, values);
            route.RequestHeaders.Apply(ref headers, values);
        }
        else
        {
            route.RequestHeaders.Apply(ref headers, values);
            virtualHost.RequestHeaders.Apply(ref headers, values);
            table.RequestHeaders.Apply(ref headers, values);
        }

        if (action.HostRewrite?.NewHost(headers) is { } host)
            RewriteHost(host, action.AppendForwardedHost, keepOriginal: !suppressEnvoyHeaders, ref headers);
        if (action.PathRewrite is { } rewrite && headers.Count(HeaderNames.Path) > 0)
            RewritePath(rewrite, keepOriginal: !suppressEnvoyHeaders, ref headers);
    }

    /// <summary>Replaces the authority; also used where only the balancer knows the new one (<see cref="HostRewrite.FromEndpoint"/>).</summary>
    internal static void RewriteHost<THeaders>(string host, bool appendForwardedHost, bool keepOriginal, ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        var old = headers.Count(HeaderNames.Authority) > 0 ? headers.Get(HeaderNames.Authority, 0) : "";
        if (old.Length > 0)
        {
            if (appendForwardedHost)
                AppendForwardedHost(old, ref headers);
            if (keepOriginal)
                headers.Set(HeaderNames.EnvoyOriginalHost, old);
        }

        headers.Set(HeaderNames.Authority, host);
    }

    private static void AppendForwardedHost<THeaders>(string host, ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        if (headers.Count(HeaderNames.ForwardedHost) == 0)
        {
            headers.Set(HeaderNames.ForwardedHost, host);
            return;
        }

        var before = headers.Get(HeaderNames.ForwardedHost, 0);
        var last = before.AsSpan(before.LastIndexOf(',') + 1);
        if (!last.SequenceEqual(host))
            headers.Set(HeaderNames.ForwardedHost, $"{before},{host}");
    }

    private static void RewritePath<THeaders>(PathRewrite rewrite, bool keepOriginal, ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        var path = headers.Get(HeaderNames.Path, 0);
        if (keepOriginal)
            headers.Set(HeaderNames.EnvoyOriginalPath, path);
        headers.Set(HeaderNames.Path, rewrite.Rewrite(path));
    }
}
