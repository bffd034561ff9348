using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tls;

namespace Waypoint.Hbone.Tests.Testing;

/// <summary>A real <see cref="HboneListener"/> on loopback.</summary>
internal sealed class ListenerRig : IAsyncDisposable, ILoggerFactory, ILogger
{
    public ListenerRig(TlsIdentity identity, IConnectHandler? handler = null, HboneListenerOptions? options = null, TimeProvider? time = null)
    {
        Identities = new TlsIdentitySource(identity);
        Listener = new HboneListener(options ?? new HboneListenerOptions { EndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] }, Identities,
            handler ?? ConnectScript.AcceptAll(), time ?? TimeProvider.System, this);
        Listener.Start();
    }

    public TlsIdentitySource Identities { get; }

    public HboneListener Listener { get; }

    public IPEndPoint Address => Listener.EndPoints[0];

    /// <summary>Every line that was logged.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>A plain TCP connection to the listener.</summary>
    public async Task<NetworkStream> DialAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(Address).WaitAsync(FramePeer.Timeout);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>A TLS connection made by hand, so that a test can get every part wrong.</summary>
    public async Task<SslStream> DialTlsAsync(TestCa.Issued? certificate, Action<SslClientAuthenticationOptions>? change = null)
    {
        var stream = new SslStream(await DialAsync());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "",
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
#pragma warning disable CA5359 // This end is the test's; what the other one verifies is the subject.
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
        };
        if (certificate is not null)
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificate.ChainPem);
            chain.RemoveAt(0);
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate.ToCertificate(), chain, offline: true);
        }
        change?.Invoke(options);
        await stream.AuthenticateAsClientAsync(options).WaitAsync(FramePeer.Timeout);
        return stream;
    }

    public async ValueTask DisposeAsync() => await Listener.DisposeAsync().AsTask().WaitAsync(FramePeer.Timeout);

    void ILoggerFactory.AddProvider(ILoggerProvider provider)
    {
    }

    ILogger ILoggerFactory.CreateLogger(string categoryName) => this;

    void IDisposable.Dispose()
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
}
