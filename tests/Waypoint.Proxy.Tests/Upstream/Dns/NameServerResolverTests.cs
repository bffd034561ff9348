using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Model.Clusters;
using Waypoint.Proxy.Upstream.Dns;

namespace Waypoint.Proxy.Tests.Upstream.Dns;

/// <summary>Questions to a real name server over UDP: good, slow, empty and failing.</summary>
public sealed class NameServerResolverTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly NameServer _server = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Resolve_NameWithAddresses_AllOfTheFamilyWithTheirTtl()
    {
        _server.Names["a.example"] = (["10.0.0.1", "10.0.0.2", "fd00::1"], 0);
        using NameServerResolver resolver = Resolver();

        DnsAnswer answer = await AskAsync(resolver, "a.example", DnsLookupFamily.V4Only);

        Assert.Equal(["10.0.0.1", "10.0.0.2"], answer.Addresses.Select(a => a.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(30), answer.TimeToLive);
        Assert.Null(answer.Problem);
    }

    [Theory]
    [InlineData(DnsLookupFamily.Auto, "fd00::1")]
    [InlineData(DnsLookupFamily.V6Only, "fd00::1")]
    [InlineData(DnsLookupFamily.V4Preferred, "10.0.0.1")]
    [InlineData(DnsLookupFamily.All, "fd00::1 10.0.0.1")]
    public async Task Resolve_NameOfBothFamilies_ThePreferredOnes(DnsLookupFamily family, string expected)
    {
        _server.Names["a.example"] = (["10.0.0.1", "fd00::1"], 0);
        using NameServerResolver resolver = Resolver();

        Assert.Equal(expected, string.Join(' ', (await AskAsync(resolver, "a.example", family)).Addresses));
    }

    [Fact]
    public async Task Resolve_OnlyTheOtherFamily_Taken()
    {
        _server.Names["a.example"] = (["10.0.0.1"], 0);
        using NameServerResolver resolver = Resolver();

        Assert.Single((await AskAsync(resolver, "a.example", DnsLookupFamily.Auto)).Addresses);
    }

    [Theory]
    [InlineData(NameServer.NameError)]
    [InlineData(0)]
    public async Task Resolve_NameWithoutAddress_AnAnswerOfNone(int code)
    {
        _server.Names["a.example"] = ([], code);
        using NameServerResolver resolver = Resolver();

        DnsAnswer answer = await AskAsync(resolver, "a.example", DnsLookupFamily.V4Only);

        Assert.Empty(answer.Addresses);
        Assert.Null(answer.Problem);
    }

    [Fact]
    public async Task Resolve_ServerFailure_AProblemThatSaysSo()
    {
        _server.Names["a.example"] = ([], NameServer.ServerFailure);
        using NameServerResolver resolver = Resolver();

        Assert.Contains("ServerFailure", (await AskAsync(resolver, "a.example", DnsLookupFamily.V4Only)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_SilentServer_AProblemAfterItsTimeAndOtherNamesAreNotHeldUp()
    {
        _server.Names["b.example"] = (["10.0.0.2"], 0);
        using NameServerResolver resolver = Resolver(TimeSpan.FromSeconds(2));
        Task<DnsAnswer> silent = AskAsync(resolver, "a.example", DnsLookupFamily.V4Only);

        DnsAnswer other = await AskAsync(resolver, "b.example", DnsLookupFamily.V4Only);

        Assert.False(silent.IsCompleted);
        Assert.Single(other.Addresses);
        Assert.Contains("no name server answered", (await silent).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db", "db.shop.svc.cluster.local")]
    [InlineData("db.shop", "db.shop")]
    public async Task Resolve_NameAndSearchList_AskedInTheRightOrder(string name, string first)
    {
        _server.Names["db.shop.svc.cluster.local"] = (["10.0.0.1"], 0);
        _server.Names["db.shop"] = (["10.0.0.2"], 0);
        using NameServerResolver resolver = Resolver(null, "shop.svc.cluster.local");

        Assert.Single((await AskAsync(resolver, name, DnsLookupFamily.V4Only)).Addresses);

        Assert.Equal(first, Assert.Single(_server.Asked));
    }

    [Fact]
    public async Task Resolve_NameInTheHostsFile_NoQuestion()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "# comment\n10.0.0.9 a.example alias # more\n", TestContext.Current.CancellationToken);
        using var resolver = new NameServerResolver(new ResolverSettings { Servers = [_server.EndPoint] }, new HostsFile(path));

        Assert.Equal([IPAddress.Parse("10.0.0.9")], (await AskAsync(resolver, "alias", DnsLookupFamily.Auto)).Addresses);

        Assert.Empty(_server.Asked);
        File.Delete(path);
    }

    [Fact]
    public async Task Table_FlappingServer_LastAddressesStayInUse()
    {
        _server.Ttl = 0;
        _server.Names["a.example"] = (["10.0.0.1"], 0);
        using NameServerResolver resolver = Resolver();
        await using var table = new NameTable(resolver, TimeProvider.System, NullLogger<NameTable>.Instance);
        var settings = new DnsSettings { Family = DnsLookupFamily.V4Only, RespectTtl = true };
        ResolvedName name = table.Hold("a.example", settings);
        await name.FirstAnswer.WaitAsync(Patience);
        _server.Names["a.example"] = ([], NameServer.ServerFailure);
        int asked = _server.Asked.Count;
        while (_server.Asked.Count < asked + 2)
            await Task.Delay(20, TestContext.Current.CancellationToken).WaitAsync(Patience);

        Assert.Equal([IPAddress.Parse("10.0.0.1")], name.Addresses);
    }

    private NameServerResolver Resolver(TimeSpan? timeout = null, params string[] suffixes) =>
        new(new ResolverSettings { Servers = [_server.EndPoint], Timeout = timeout ?? Patience, Attempts = 1, Suffixes = suffixes }, hosts: null);

    private static Task<DnsAnswer> AskAsync(NameServerResolver resolver, string name, DnsLookupFamily family) =>
        resolver.ResolveAsync(name, family, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
}
