using Microsoft.AspNetCore.Http;

namespace Waypoint.Grpc.Server;

/// <summary>What a handler may know of a call besides its messages.</summary>
public sealed class GrpcServerContext
{
    private readonly HttpContext _http;

    internal GrpcServerContext(HttpContext http, CancellationToken cancellation) => (_http, Cancellation) = (http, cancellation);

    /// <summary>The client is gone, the deadline has passed or the server stops.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The request below: headers, connection, client certificate.</summary>
    public HttpContext Http => _http;

    /// <summary>Request metadata; null when absent, joined with commas when repeated.</summary>
    /// <param name="name">In any case.</param>
    public string? Header(string name) => _http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>Adds metadata to the start of the response; before the first message only.</summary>
    /// <param name="name">Lower case.</param>
    /// <param name="value">ASCII.</param>
    public void AddResponseHeader(string name, string value) => _http.Response.Headers.Append(name, value);

    /// <summary>Adds metadata to the end of the response.</summary>
    /// <param name="name">Lower case.</param>
    /// <param name="value">ASCII.</param>
    public void AddTrailer(string name, string value) => _http.Response.AppendTrailer(name, value);
}
