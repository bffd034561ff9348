using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Waypoint.Grpc.Server;

/// <summary>What a handler may know of a call besides its messages.</summary>
public sealed class GrpcServerContext
{
    private readonly ServerCallContext _call;

    internal GrpcServerContext(ServerCallContext call) => (_call, Http) = (call, call.GetHttpContext());

    /// <summary>The client is gone, the deadline has passed or the server stops.</summary>
    public CancellationToken Cancellation => _call.CancellationToken;

    /// <summary>The request below: headers, connection, client certificate.</summary>
    public HttpContext Http { get; }

    /// <summary>Request metadata; null when absent, joined with commas when repeated.</summary>
    /// <param name="name">In any case.</param>
    public string? Header(string name) => Http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>Adds metadata to the start of the response; before the first message only.</summary>
    /// <param name="name">Lower case.</param>
    /// <param name="value">ASCII.</param>
    public void AddResponseHeader(string name, string value) => Http.Response.Headers.Append(name, value);

    /// <summary>Adds metadata to the end of the response.</summary>
    /// <param name="name">Lower case.</param>
    /// <param name="value">ASCII.</param>
    public void AddTrailer(string name, string value) => _call.ResponseTrailers.Add(name, value);

    internal Task StartAsync() => _call.WriteResponseHeadersAsync([]);
}
