using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Proxy.Upstream.Pools;

namespace Waypoint.Proxy.Upstream.Tls;

/// <summary>TLS that we originate towards applications, over a socket or inside a tunnel.</summary>
internal sealed class UpstreamTls(TlsMaterialStore materials, TimeProvider time)
{
    /// <summary>Does the handshake; the returned stream owns <paramref name="transport"/>, which is disposed of on failure. Throws <see cref="UpstreamConnectException"/> or
    /// <see cref="OperationCanceledException"/>.</summary>
    /// <param name="transport">The bytes below.</param>
    /// <param name="config">What the cluster says.</param>
    /// <param name="connections">Whether the name comes from the request.</param>
    /// <param name="endpoint">Whom.</param>
    /// <param name="request">What the name may come from.</param>
    /// <param name="cancellation">Deadline of the connect, or client gone.</param>
    public async ValueTask<SslStream> ConnectAsync(
        Stream transport, UpstreamTlsConfig config, ConnectionSettings connections, Endpoint endpoint, PoolVariant request, CancellationToken cancellation)
    {
        // A handshake computes for a millisecond, and the threads that bring socket events serve all connections.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        string name = ServerName(config, connections, endpoint, request);
        var stream = new SslStream(transport);
        ServerCertificateCheck? check = null;
        try
        {
            TlsMaterial material = materials.For(config);
            string? required = connections.AutoNameValidation ? request.Authority ?? "" : config.ValidateServerName ? name : null;
            check = new ServerCertificateCheck(config, material, required, time);
            await stream.AuthenticateAsClientAsync(Options(config, name, material, check), cancellation).ConfigureAwait(false);
            return stream;
        }
        catch (OperationCanceledException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or UnauthorizedAccessException or CryptographicException or ObjectDisposedException or InvalidOperationException or ArgumentException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            string reason = failure is AuthenticationException && check is { } refused ? Reason(failure, refused) : failure.InnerException?.Message ?? failure.Message;
            throw new UpstreamConnectException(FailureReason.ConnectFailure, $"TLS_error: handshake with {endpoint.AddressText}: {reason}", failure);
        }
    }

    /// <summary>The server name that is sent; empty for none. An address is no server name (RFC 6066, 3).</summary>
    private static string ServerName(UpstreamTlsConfig config, ConnectionSettings connections, Endpoint endpoint, PoolVariant request)
    {
        if (connections.AutoServerName && request.Authority is { } authority)
        {
            return System.Net.IPAddress.TryParse(authority, out _) ? "" : authority;
        }

        return config.ServerNameFromHost && endpoint.Hostname is { } host ? host : config.ServerName;
    }

    private static SslClientAuthenticationOptions Options(UpstreamTlsConfig config, string name, TlsMaterial material, ServerCertificateCheck check)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            ClientCertificateContext = material.Own,
            EnabledSslProtocols = (config.AllowTls12 ? SslProtocols.Tls12 : SslProtocols.None) | (config.AllowTls13 ? SslProtocols.Tls13 : SslProtocols.None),
            CertificateChainPolicy = ServerCertificateCheck.NoRoots(),
            RemoteCertificateValidationCallback = check.Verify,
            AllowRenegotiation = false,
            // A resumed session would skip the check against roots and lists that have changed since.
            AllowTlsResume = false,
        };
        if (config.ApplicationProtocols.Count > 0)
        {
            options.ApplicationProtocols = [.. config.ApplicationProtocols.Select(static p => new SslApplicationProtocol(p))];
        }

        if (config.CipherSuites.Count > 0 && OperatingSystem.IsLinux())
        {
            // Suites of TLS 1.3 are not configurable in xDS: all of them stay allowed.
            options.CipherSuitesPolicy = new CipherSuitesPolicy(
            [
                .. config.CipherSuites.Select(static s => (TlsCipherSuite)s),
                TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            ]);
        }

        return options;
    }

    private static string Reason(Exception failure, ServerCertificateCheck check) =>
        failure.InnerException is null ? $"CERTIFICATE_VERIFY_FAILED: {check.Problem}" : failure.InnerException.Message;
}
