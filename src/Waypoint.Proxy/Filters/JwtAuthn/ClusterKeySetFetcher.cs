using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Waypoint.Model.Clusters;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Pools;

namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>Fetches key sets through our own clusters: with their tunnels, identities and limits.</summary>
/// <param name="snapshot">The snapshot in force; asked anew for each try.</param>
/// <param name="time">The clock of deadlines and pauses.</param>
/// <param name="logger">Where failures are told.</param>
internal sealed class ClusterKeySetFetcher(Func<RuntimeSnapshot> snapshot, TimeProvider time, ILogger logger) : IKeySetFetcher
{
    public async Task<string?> FetchAsync(RemoteKeySetConfig config)
    {
        for (int tries = 0; ; tries++)
        {
            string? text = await TryOnceAsync(config).ConfigureAwait(false);
            if (text is not null || tries >= config.Retries)
            {
                return text;
            }

            await Task.Delay(Pause(config, tries), time).ConfigureAwait(false);
        }
    }

    private static TimeSpan Pause(RemoteKeySetConfig config, int tries)
    {
        double most = Math.Min(config.BackOffMax.TotalMilliseconds, config.BackOffBase.TotalMilliseconds * Math.Pow(2, Math.Min(tries, 30)));
#pragma warning disable CA5394 // spreads load, protects nothing
        return TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * most);
#pragma warning restore CA5394
    }

    private async Task<string?> TryOnceAsync(RemoteKeySetConfig config)
    {
        if (ServiceEndpoint.Pick(snapshot(), config.Cluster, out ClusterConfig? cluster) is not { } endpoint)
        {
            return Failed(config, cluster is null ? "there is no such cluster" : "it has no endpoint that can be reached");
        }

        try
        {
            using var deadline = new CancellationTokenSource(config.Timeout > TimeSpan.Zero ? config.Timeout : Timeout.InfiniteTimeSpan, time);
            Version version = cluster!.HttpVersion == UpstreamHttpVersion.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
            using HttpRequestMessage request = Request(config, endpoint.UriPrefix, version);
            using PoolLease lease = endpoint.Rent(version, endpoint.VariantFor(new Uri(config.Uri).Authority, source: null, destination: null));
            using HttpResponseMessage response = await lease.Invoker.SendAsync(request, deadline.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return Failed(config, $"the answer is {(int)response.StatusCode}");
            }

            return await ReadAsync(response, deadline.Token).ConfigureAwait(false) ?? Failed(config, "the answer is too long");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or UpstreamConnectException or UriFormatException or FormatException)
        {
            return Failed(config, failure is OperationCanceledException ? "there was no answer in time" : failure.Message);
        }
        finally
        {
            endpoint.Release();
        }
    }

    private static HttpRequestMessage Request(RemoteKeySetConfig config, string uriPrefix, Version version)
    {
        var uri = new Uri(config.Uri);
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(uriPrefix + uri.PathAndQuery))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = uri.Authority;
        return request;
    }

    private static async Task<string?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var text = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        using Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        while (await body.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            if (text.Length + read > IKeySetFetcher.MaxBytes)
            {
                return null;
            }

            text.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private string? Failed(RemoteKeySetConfig config, string reason)
    {
        JwtAuthnLog.NotFetched(logger, config.Uri, config.Cluster, reason);
        return null;
    }
}
