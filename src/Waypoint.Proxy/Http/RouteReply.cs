using Microsoft.AspNetCore.Http;
using Waypoint.Model.Failures;
using Waypoint.Model.Routes;

namespace Waypoint.Proxy.Http;

/// <summary>Answers that a route gives without an upstream.</summary>
internal static class RouteReply
{
    /// <summary>A redirect, its location computed by the model.</summary>
    public static Task RedirectAsync(HttpExchange exchange, RedirectAction redirect)
    {
        string scheme = exchange.Scheme;
        string proto = exchange.RequestHeaders["x-forwarded-proto"].ToString();
        return SendAsync(exchange, redirect.Status, redirect.Location(scheme, proto, exchange.Authority, exchange.Path), ReadOnlyMemory<byte>.Empty);
    }

    /// <summary>A status and body from the configuration.</summary>
    public static Task DirectAsync(HttpExchange exchange, DirectResponseAction direct)
    {
        if (!exchange.IsGrpc)
        {
            return SendAsync(exchange, direct.Status, null, direct.Body);
        }

        exchange.EditResponse();
        exchange.Details = "direct_response";
        return LocalReply.SendAsync(exchange, direct.Status, System.Text.Encoding.UTF8.GetString(direct.Body.Span));
    }

    /// <summary>The client is told to come again with the path as it is understood here (<c>UNESCAPE_AND_REDIRECT</c>); gRPC clients follow no redirects and are refused.</summary>
    public static Task RedirectToNormalizedPathAsync(HttpExchange exchange) =>
        exchange.IsGrpc ? LocalReply.FailAsync(exchange, FailureReason.BadPath) : SendAsync(exchange, StatusCodes.Status307TemporaryRedirect, exchange.Path, ReadOnlyMemory<byte>.Empty);

    private static async Task SendAsync(HttpExchange exchange, int status, string? location, ReadOnlyMemory<byte> body)
    {
        exchange.AnsweredLocally = true;
        HttpResponse response = exchange.Context.Response;
        response.StatusCode = status;
        if (location is not null)
        {
            response.Headers.Location = location;
        }

        if (body.Length > 0)
        {
            response.ContentType = "text/plain";
        }

        ResponseHygiene.AddServer(exchange, response.Headers);
        exchange.EditResponse();
        if (status is not 204 and not 304)
        {
            response.Headers.ContentLength = body.Length;
        }

        if (body.Length > 0 && !HttpMethods.IsHead(exchange.Method))
        {
            await response.Body.WriteAsync(body, exchange.ClientGone).ConfigureAwait(false);
        }
    }
}
