using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Model.Clusters;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Identity;
using Waypoint.Model.Snapshots;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests;

/// <summary>Builds exchanges over the framework's own in-memory features.</summary>
internal sealed class ExchangeBuilder
{
    private const string ChainName = "inbound-vip|80|http|shop.test";

    public string Method { get; init; } = "GET";

    public string Target { get; init; } = "/";

    public string Protocol { get; init; } = "HTTP/1.1";

    public string? Host { get; init; } = "shop.test";

    public (string Name, string Value)[] Headers { get; init; } = [];

    public HttpConnectionConfig Config { get; init; } = new() { Routes = null, Filters = [], ServerName = "istio-envoy" };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IReadOnlyDictionary<string, ClusterRuntime> Clusters { get; init; } = FrozenDictionary<string, ClusterRuntime>.Empty;

    public HttpExchange Build()
    {
        var exchange = new HttpExchange();
        Begin(exchange);
        return exchange;
    }

    /// <summary>Starts the request on an exchange that may have served others before.</summary>
    public void Begin(HttpExchange exchange)
    {
        var request = new HttpRequestFeature { Method = Method, RawTarget = Target, Path = Target, Protocol = Protocol };
        foreach ((string name, string value) in Headers)
        {
            request.Headers.Append(name, value);
        }

        if (Host is not null)
        {
            request.Headers.Host = Host;
        }

        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new MemoryStream()));
        features.Set(Tunnel());
        exchange.Begin(features, Snapshot(Config, Clusters), Time);
    }

    public static RuntimeSnapshot Snapshot(HttpConnectionConfig config, IReadOnlyDictionary<string, ClusterRuntime>? clusters = null)
    {
        var chain = new FilterChain { Name = ChainName, ContentHash = new(0, 1), Http = config };
        var snapshot = new ProxySnapshot
        {
            Version = 1,
            Termination = null,
            Origination = null,
            FilterChains = new FilterChainTable(new Dictionary<string, FilterChain> { [ChainName] = chain }.ToFrozenDictionary(), null),
            Clusters = FrozenDictionary<string, ClusterConfig>.Empty,
        };
        return new RuntimeSnapshot(
            snapshot,
            new Dictionary<string, ChainRuntime> { [ChainName] = new(chain, []) }.ToFrozenDictionary(),
            (clusters ?? FrozenDictionary<string, ClusterRuntime>.Empty).ToFrozenDictionary());
    }

    private static TunnelContext Tunnel()
    {
        var source = new IPEndPoint(IPAddress.Parse("127.44.1.101"), 41234);
        SpiffeId peer = SpiffeId.Create("cluster.local", "clients", "web")!;
        SpiffeId local = SpiffeId.Create("cluster.local", "shop", "waypoint")!;
        var destination = new IPEndPoint(IPAddress.Parse("10.96.0.11"), 80);
        return new TunnelContext
        {
            Peer = peer,
            Local = local,
            Authority = "10.96.0.11:80",
            Destination = destination,
            Source = source,
            State = new TunnelFilterState(peer, local, "10.96.0.11:80", destination.Address, source),
            ChainName = ChainName,
            Protocol = ApplicationProtocol.NotInspected,
        };
    }
}
