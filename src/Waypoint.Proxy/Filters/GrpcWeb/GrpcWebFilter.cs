using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Waypoint.Model.Filters.GrpcWeb;
using Waypoint.Model.Grpc;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.GrpcWeb;

/// <summary>Lets browsers speak to gRPC servers (<c>envoy.filters.http.grpc_web</c>): a gRPC-Web request becomes a gRPC one, and the answer's trailers the last frame of its
/// body, because browsers see no trailers. The <c>-text</c> forms carry the frames in base64.</summary>
internal sealed class GrpcWebFilter(GrpcWebFilterConfig config) : IHttpFilter
{
    public ValueTask<bool> ApplyAsync(HttpExchange exchange)
    {
        HttpRequest request = exchange.Context.Request;
        if (exchange.FilterConfig(config.Name) is { Disabled: true } || GrpcWebContent.Parse(request.ContentType) is not { } form)
        {
            return new(true);
        }

        bool textAnswer = GrpcWebContent.Parse(request.Headers.Accept.ToString()) is { IsText: true };
        if (form.IsText)
        {
            request.Body = new Base64RequestBody(request.Body);
            // Its length is that of the encoded form.
            request.Headers.Remove(HeaderNames.ContentLength);
        }

        request.ContentType = "application/grpc";
        request.Headers.TE = "trailers";
        request.Headers["grpc-accept-encoding"] = "identity,deflate,gzip";
        if (textAnswer)
        {
            exchange.Context.Response.Body = new Base64ResponseBody(exchange.Context.Response.Body);
        }

        exchange.OnResponse(new GrpcWebResponse(GrpcWebContent.TypeOf(textAnswer)));
        return new(true);
    }
}
