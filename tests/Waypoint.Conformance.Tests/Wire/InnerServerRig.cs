using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Waypoint.Hbone.Terminate;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Inbound;
using Waypoint.Proxy.Wire;

namespace Waypoint.Conformance.Tests.Wire;

/// <summary>The proxy's inner HTTP/1 server with its codec stage, over a pipe instead of a tunnel, and an application that a case scripts.</summary>
internal sealed class InnerServerRig : IAsyncDisposable, IHttpApplication<DefaultHttpContext>
{
    private readonly WebApplication _services;
    private readonly InnerServers _servers;
    private readonly TunnelTransport _transport;
    private readonly Pipe _toServer = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _toClient = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Func<DefaultHttpContext, Http1Intake, Task> _serve;
    private readonly ResponseOutput _output;
    private readonly bool _acceptsHttp10;

    private InnerServerRig(Http1Config config, Func<DefaultHttpContext, Http1Intake, Task> serve, bool acceptsHttp10)
    {
        (_serve, _acceptsHttp10) = (serve, acceptsHttp10);
        _output = new ResponseOutput(_toClient.Writer);
        _services = InnerServices.Build();
        _transport = _services.Services.GetRequiredService<TunnelTransport>();
        _servers = new InnerServers(_services.Services, _transport);
        var manager = new HttpConnectionConfig { Routes = null, Filters = [], Http1 = config };
        Intake = new Http1Intake(_toServer.Reader, () => manager, TimeProvider.System);
    }

    /// <summary>The stage.</summary>
    public Http1Intake Intake { get; }

    /// <summary>Bytes of the client.</summary>
    public PipeWriter Client => _toServer.Writer;

    /// <summary>Bytes of the server.</summary>
    public PipeReader Answer => _toClient.Reader;

    /// <summary>Starts the server with one connection.</summary>
    public static async Task<InnerServerRig> StartAsync(Http1Config config, Func<DefaultHttpContext, Http1Intake, Task> serve, bool acceptsHttp10 = false)
    {
        var rig = new InnerServerRig(config, serve, acceptsHttp10);
        await rig._servers.StartAsync(rig, CancellationToken.None);
        var connection = new PipeConnection(new InnerTransport(rig.Intake, rig._output));
        Assert.True(rig._transport.Dispatch(TunnelDispatcher.Http1EndPoint, connection));
        return rig;
    }

    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        _output.Begin(_acceptsHttp10 && HttpProtocol.IsHttp10(contextFeatures.GetRequiredFeature<IHttpRequestFeature>().Protocol));
        return new(contextFeatures);
    }

    public Task ProcessRequestAsync(DefaultHttpContext context) => _serve(context, Intake);

    public void DisposeContext(DefaultHttpContext context, Exception? exception)
    {
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _servers.StopAsync(now.Token);
        _servers.Dispose();
        await _services.DisposeAsync();
    }
}
