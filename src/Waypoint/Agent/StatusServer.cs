using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Waypoint.Options;

namespace Waypoint.Agent;

/// <summary>Answers the kubelet's probes: <c>GET :15021/healthz/ready</c> gives 200 or 503, anything else 404. Open before anything else, so that a probe gets
/// an answer and not a refused connection. A bare Kestrel: the web host's container would cost most of the start-up time.</summary>
internal sealed class StatusServer : IHttpApplication<IFeatureCollection>, IAsyncDisposable
{
    /// <summary>Port of the probes.</summary>
    public const int Port = 15021;

    private const string ReadyPath = "/healthz/ready";
    private readonly Readiness _readiness;
    private readonly KestrelServer _server;

    /// <param name="readiness">What to answer.</param>
    /// <param name="addresses">Where to listen; empty for all addresses.</param>
    /// <param name="loggers">For Kestrel.</param>
    public StatusServer(Readiness readiness, IReadOnlyList<IPAddress> addresses, ILoggerFactory loggers)
    {
        _readiness = readiness;
        var options = new KestrelServerOptions { AddServerHeader = false };
        foreach (var address in addresses.DefaultIfEmpty(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any))
            options.Listen(address, Port);
        var transport = new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions()), loggers);
        _server = new KestrelServer(Microsoft.Extensions.Options.Options.Create(options), transport, loggers);
    }

    /// <exception cref="OptionProblemException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await _server.StartAsync(this, cancellation);
        }
        catch (IOException error)
        {
            throw new OptionProblemException($"port {Port} (readiness)", error.Message, "a free port on every address to listen on", "Is another waypoint running here? Bind each to addresses of its own.");
        }
    }

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var path = context.GetRequiredFeature<IHttpRequestFeature>().Path;
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        if (!path.StartsWith(ReadyPath, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.NotFound;
            return;
        }
        response.StatusCode = _readiness.IsReady ? StatusCodes.Ok : StatusCodes.Unavailable;
        var body = Encoding.ASCII.GetBytes(_readiness.Describe() + "\n");
        response.Headers.ContentLength = body.Length;
        response.Headers.ContentType = "text/plain";
        await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(body, CancellationToken.None);
    }

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async ValueTask DisposeAsync()
    {
        // A probe that hangs must not hold up the end of the process.
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _server.StopAsync(atOnce.Token);
        _server.Dispose();
    }

    private static class StatusCodes
    {
        public const int Ok = 200, NotFound = 404, Unavailable = 503;
    }
}
