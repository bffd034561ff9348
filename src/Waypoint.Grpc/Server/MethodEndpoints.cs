using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Waypoint.Grpc.Server;

/// <summary>
/// Takes the endpoints that the library makes and serves them by their exact path. ASP.NET Core's routing would do it too, but
/// compiles a state machine for patterns first, which costs a third of what the whole server takes to start.
/// </summary>
internal sealed class MethodEndpoints(IApplicationBuilder application) : IEndpointRouteBuilder
{
    private readonly Dictionary<string, Endpoint> _byPath = new(StringComparer.Ordinal);
    private Endpoint? _unknown;

    public IServiceProvider ServiceProvider => application.ApplicationServices;

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public IApplicationBuilder CreateApplicationBuilder() => application.New();

    /// <summary>Ends the pipeline with what was mapped so far.</summary>
    public void Serve()
    {
        foreach (var endpoint in DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            // Besides methods there are patterns that answer Unimplemented.
            if (endpoint.RoutePattern.Parameters.Count > 0)
                _unknown = endpoint;
            else
                _byPath[endpoint.RoutePattern.RawText!] = endpoint;
        }
        application.Run(ServeAsync);
    }

    private Task ServeAsync(HttpContext http)
    {
        if (!_byPath.TryGetValue(http.Request.Path.Value ?? "", out var endpoint) && IsGrpc(http.Request))
            endpoint = _unknown;
        if (endpoint?.RequestDelegate is not { } serve)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        http.SetEndpoint(endpoint);
        return serve(http);
    }

    /// <summary>Only who speaks gRPC can read a status in trailers.</summary>
    private static bool IsGrpc(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;
}
