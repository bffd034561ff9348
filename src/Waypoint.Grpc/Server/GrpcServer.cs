using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Waypoint.Grpc.Server;

/// <summary>A Kestrel of its own in which Grpc.AspNetCore.Server serves a <see cref="GrpcServiceMap"/>: embedded control plane, development CA, tests.</summary>
public sealed class GrpcServer : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly TimeProvider _time;
    private bool _stopped;

    private GrpcServer(WebApplication host, EndPoint endPoint, TimeProvider time) => (_host, EndPoint, _time) = (host, endPoint, time);

    /// <summary>Where it listens, with the real port.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>Binds and starts to serve.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="services">What is served; what is added later is served after the next start.</param>
    /// <param name="loggers">For Kestrel's own messages; default none.</param>
    /// <param name="cancellation">Gives up the start.</param>
    /// <exception cref="IOException">The address is in use or cannot be bound.</exception>
    public static async Task<GrpcServer> StartAsync(GrpcServerOptions options, GrpcServiceMap services, ILoggerFactory? loggers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        ListenOptions? bound = null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Services.AddSingleton(loggers ?? NullLoggerFactory.Instance);
        builder.Services.AddSingleton(services);
        builder.Services.AddSingleton<IServiceMethodProvider<GrpcServiceMap>, MappedMethods>();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = services.MaxReceiveMessageBytes;
            grpc.MaxSendMessageSize = null;
        });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel.Limits, options);
            kestrel.AddServerHeader = false;
            Listen(kestrel, options, listen => bound = listen);
        });
        var host = builder.Build();
        try
        {
            var methods = new MethodEndpoints(host);
            methods.MapGrpcService<GrpcServiceMap>();
            methods.Serve();
            await host.StartAsync(cancellation);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
        return new GrpcServer(host, bound!.EndPoint, options.Time);
    }

    /// <summary>Says goodbye on every connection (GOAWAY), waits for the calls that run, and cuts what is left.</summary>
    /// <param name="grace">Longest wait; zero cuts at once.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        if (_stopped)
            return;
        _stopped = true;
        using var patience = new CancellationTokenSource(grace, _time);
        await _host.StopAsync(patience.Token);
        await _host.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero);

    private static void Limit(KestrelServerLimits limits, GrpcServerOptions options)
    {
        // A stream lives for days and may be silent for hours in either direction.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.Http2.KeepAlivePingDelay = options.KeepAliveDelay;
        limits.Http2.KeepAlivePingTimeout = options.KeepAliveTimeout;
        limits.Http2.InitialStreamWindowSize = options.InitialWindowBytes;
        limits.Http2.InitialConnectionWindowSize = options.InitialWindowBytes;
    }

    private static void Listen(KestrelServerOptions kestrel, GrpcServerOptions options, Action<ListenOptions> created)
    {
        void Configure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http2;
            if (options.Tls is { } tls)
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(Authentication(tls)) });
            created(listen);
        }

        if (options.EndPoint is UnixDomainSocketEndPoint unix)
            kestrel.ListenUnixSocket(unix.ToString(), Configure);
        else
            kestrel.Listen(options.EndPoint, Configure);
    }

    private static SslServerAuthenticationOptions Authentication(GrpcServerTlsOptions tls)
    {
        var authentication = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = tls.Certificate(),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificateRequired = tls.ClientRoots is not null,
        };
        if (tls.ClientRoots is null)
            return authentication;
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, TrustMode = X509ChainTrustMode.CustomRootTrust, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(tls.ClientRoots());
        authentication.CertificateChainPolicy = policy;
        authentication.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            certificate is null ? !tls.RequireClientCertificate : (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
        return authentication;
    }
}
