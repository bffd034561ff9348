using System.Net;
using Google.Protobuf.WellKnownTypes;
using Waypoint.ControlPlane.Ads;
using Waypoint.Demo;
using Waypoint.Hbone.Originate;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Waypoint.Xds.Ads;
using Address = Waypoint.Protos.Envoy.Config.Core.V3.Address;
using NetworkFilter = Waypoint.Protos.Envoy.Config.Listener.V3.Filter;
using SocketAddress = Waypoint.Protos.Envoy.Config.Core.V3.SocketAddress;

namespace Waypoint.EndToEnd.Tests;

/// <summary>Tokens whose keys are fetched from a server of their own, through a cluster like any other.</summary>
[Collection(MeshInOneProcess.Addresses)]
public sealed class JwtTests : IAsyncLifetime
{
    private readonly MeshInOneProcess _mesh = new();
    private readonly KeyServer _keys = new();

    public async ValueTask InitializeAsync() => await _mesh.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _keys.DisposeAsync();
    }

    [Fact]
    public async Task Get_TokenOfAnIssuerWithFetchedKeys_OnlyGoodTokensReachThePod()
    {
        Push();
        await using TunnelPool ztunnel = _mesh.Ztunnel(DemoMesh.ClientPrincipal);
        using HttpMessageInvoker client = _mesh.Client(ztunnel, DemoMesh.Vip + ":80");
        await UntilTokensAreAskedForAsync(client);
        Assert.Equal(0, _keys.Requests);

        string good = _keys.Sign("""{"iss":"issuer","sub":"me","exp":4000000000}""");
        HttpStatusCode[] statuses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(client, good)));
        Assert.All(statuses, static status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, _keys.Requests);
        Assert.StartsWith("GET /jwks?v=1 HTTP/1.1\r\n", _keys.LastHead, StringComparison.Ordinal);
        Assert.Contains("\r\nHost: keys.test:8080\r\n", _keys.LastHead, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(client, _keys.Sign("""{"iss":"issuer","exp":1}""")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(client, _keys.Sign("""{"iss":"stranger"}""")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(client, good[..^8] + "AAAAAAAA"));
        Assert.Equal(1, _keys.Requests);
    }

    private void Push()
    {
        var address = new Address { SocketAddress = new SocketAddress { Address = _keys.EndPoint.Address.ToString(), PortValue = (uint)_keys.EndPoint.Port } };
        var cluster = new Cluster
        {
            Name = "keys",
            Type = Cluster.Types.DiscoveryType.Static,
            ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)),
            LoadAssignment = new ClusterLoadAssignment
            {
                ClusterName = "keys",
                Endpoints = { new LocalityLbEndpoints { LbEndpoints = { new LbEndpoint { Endpoint = new Endpoint { Address = address } } } } },
            },
        };
        _mesh.Discovery.Push(new AdsPush(XdsTypeUrls.Cluster, AdsPush.Resource("keys", cluster)));

        var listener = (Listener)DemoConfiguration.Create().Single(static resource => resource.Name == "main_internal").Message;
        NetworkFilter network = listener.FilterChains[0].Filters[0];
        HttpConnectionManager manager = network.TypedConfig.Unpack<HttpConnectionManager>();
        manager.HttpFilters.Insert(0, new HttpFilter { Name = "envoy.filters.http.jwt_authn", TypedConfig = Any.Pack(Filter()) });
        network.TypedConfig = Any.Pack(manager);
        _mesh.Discovery.Push(new AdsPush(XdsTypeUrls.Listener, AdsPush.Resource(listener.Name, listener)));
    }

    private static JwtAuthentication Filter() => new()
    {
        Providers =
        {
            ["p"] = new JwtProvider
            {
                Issuer = "issuer",
                RemoteJwks = new RemoteJwks
                {
                    HttpUri = new HttpUri { Uri = "http://keys.test:8080/jwks?v=1", Cluster = "keys", Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)) },
                    CacheDuration = Duration.FromTimeSpan(TimeSpan.FromMinutes(5)),
                },
            },
        },
        Rules = { new RequirementRule { Match = new() { Prefix = "/" }, Requires = new JwtRequirement { ProviderName = "p" } } },
    };

    private static async Task UntilTokensAreAskedForAsync(HttpMessageInvoker client)
    {
        using var deadline = new CancellationTokenSource(MeshInOneProcess.Patience);
        while (await SendAsync(client, token: null) != HttpStatusCode.Unauthorized)
        {
            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task<HttpStatusCode> SendAsync(HttpMessageInvoker client, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://greeter.demo/hello");
        if (token is not null)
        {
            request.Headers.Add("authorization", "Bearer " + token);
        }

        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken).WaitAsync(MeshInOneProcess.Patience);
        return response.StatusCode;
    }
}
