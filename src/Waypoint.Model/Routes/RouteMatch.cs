using Waypoint.Model.Formatting;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>The route that was chosen, with what stands above it. The default value means that no route fits: 404.</summary>
public readonly struct RouteMatch
{
    internal RouteMatch(RouteTable table, VirtualHost virtualHost, Route route)
    {
        Table = table;
        VirtualHost = virtualHost;
        Route = route;
    }

    /// <summary>The table; null if no route fits.</summary>
    public RouteTable? Table { get; }

    /// <summary>The virtual host; null if no route fits.</summary>
    public VirtualHost? VirtualHost { get; }

    /// <summary>The route; null if none fits.</summary>
    public Route? Route { get; }

    /// <summary>Changes the request as the route says before it is forwarded: header edits (weighted cluster, route, virtual host, table, so that the least
    /// specific has the last word, unless the table reverses the last three), then authority, then path. Only for a <see cref="ForwardAction"/>. Pure but for the edits.</summary>
    /// <param name="headers">The request's headers with <c>:path</c> and <c>:authority</c>.</param>
    /// <param name="choice">The cluster chosen.</param>
    /// <param name="values">For operators in header values.</param>
    /// <param name="suppressEnvoyHeaders"><c>Router.suppress_envoy_headers</c>: the <c>x-envoy-original-*</c> headers are not set.</param>
    public void EditRequest<THeaders>(ref THeaders headers, in ClusterChoice choice, IFormatValues values, bool suppressEnvoyHeaders)
        where THeaders : struct, IMutableHeaders => RequestEditor.Edit(this, choice, values, suppressEnvoyHeaders, ref headers);

    /// <summary>Changes the headers of the response, the upstream's or a local one, in the same order.</summary>
    public void EditResponse<THeaders>(ref THeaders headers, in ClusterChoice choice, IFormatValues values)
        where THeaders : struct, IMutableHeaders
    {
        if (Table is null || VirtualHost is null || Route is null)
            return;
        choice.Entry?.ResponseHeaders.Apply(ref headers, values);
        if (Table.MostSpecificHeaderEditsWin)
        {
            Table.ResponseHeaders.Apply(ref headers, values);
            VirtualHost.ResponseHeaders.Apply(ref headers, values);
            Route.ResponseHeaders.Apply(ref headers, values);
            return;
        }

        Route.ResponseHeaders.Apply(ref headers, values);
        VirtualHost.ResponseHeaders.Apply(ref headers, values);
        Table.ResponseHeaders.Apply(ref headers, values);
    }
}
