using Waypoint.Model.Requests;

namespace Waypoint.Model.Edge;

/// <summary>Turns a response's headers as the upstream sent them into those that go to the client, before the route's edits.</summary>
public static class ResponseEdge
{
    /// <summary>Cleans and completes the headers.</summary>
    /// <param name="response">The response's headers.</param>
    /// <param name="request">The request's headers after <see cref="RequestEdge"/>.</param>
    /// <param name="config">The connection manager's settings.</param>
    public static void Apply<TRequest, TResponse>(ref TResponse response, in TRequest request, EdgeConfig config)
        where TRequest : struct, IHeaderView
        where TResponse : struct, IMutableHeaders
    {
        if (!RequestEdge.IsUpgrade(response) || !RequestEdge.IsUpgrade(request))
        {
            response.Remove("connection");
            response.Remove("upgrade");
        }
        else if (response.Count("transfer-encoding") == 0 && response.Count("content-length") == 0 && !(response.Count(":status") > 0 && response.Get(":status", 0).StartsWith('1')))
        {
            // Agreed on with another status than 101: without a length a client of HTTP/1 would wait for a body.
            response.Set("content-length", "0");
        }

        response.Remove("transfer-encoding");
        response.Remove("keep-alive");
        response.Remove("proxy-connection");
        Complete(ref response, request, config);
    }

    /// <summary>Adds what the settings ask for; also to our own answers.</summary>
    public static void Complete<TRequest, TResponse>(ref TResponse response, in TRequest request, EdgeConfig config)
        where TRequest : struct, IHeaderView
        where TResponse : struct, IMutableHeaders
    {
        if (config.RequestIdInResponse || request.Count(HeaderNames.EnvoyForceTrace) > 0)
            UuidRequestId.SetInResponse(request, ref response);
        if (config.Via.Length > 0)
            Lines.Append(ref response, "via", ", ", config.Via);
    }
}
