using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Cli;
using Waypoint.Demo;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.Tests.Cli;

[Collection("standard error")]
public sealed class AuthzCommandTests : IDisposable
{
    private const string Web = "spiffe://cluster.local/ns/clients/sa/web";

    private const string Allow = """
        {"rules": {"policies": {
          "ns[demo]-policy[admins]-rule[0]": {
            "permissions": [{"and_rules": {"rules": [{"or_rules": {"rules": [{"url_path": {"path": {"prefix": "/admin"}}}]}}]}}],
            "principals": [{"and_ids": {"ids": [{"or_ids": {"ids": [{"metadata": {"filter": "envoy.filters.http.jwt_authn", "path": [{"key": "payload"}, {"key": "role"}], "value": {"string_match": {"exact": "admin"}}}}]}}]}}]},
          "ns[demo]-policy[readers]-rule[0]": {
            "permissions": [{"and_rules": {"rules": [{"header": {"name": ":method", "string_match": {"exact": "GET"}}}, {"not_rule": {"url_path": {"path": {"prefix": "/admin"}}}}]}}],
            "principals": [{"filter_state": {"key": "io.istio.peer_principal", "string_match": {"exact": "spiffe://cluster.local/ns/clients/sa/web"}}}, {"direct_remote_ip": {"address_prefix": "10.1.0.0", "prefix_len": 16}}]}}}}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_PolicyFits_AllowedByName()
    {
        var (code, text, _) = await CheckAsync("--principal", Web, "--path", "/items?x=1");
        Assert.Equal(0, code);
        Assert.StartsWith("ALLOWED", text, StringComparison.Ordinal);
        Assert.Contains("by ns[demo]-policy[readers]-rule[0]", text, StringComparison.Ordinal);
        Assert.Contains($"filter state io.istio.peer_principal exact \"{Web}\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NoPolicyFits_DeniedWithThePredicates()
    {
        var (code, text, _) = await CheckAsync("--principal", Web, "--method", "POST", "--path", "/items");
        Assert.Equal(AuthzCommand.DeniedExitCode, code);
        Assert.StartsWith("DENIED: rbac_access_denied_matched_policy[none]", text, StringComparison.Ordinal);
        Assert.Contains("permission does not fit: header :method exact \"GET\"", text, StringComparison.Ordinal);
        Assert.Contains("permission does not fit: path prefix \"/admin\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1.2.3", 0)]
    [InlineData("10.2.2.3", AuthzCommand.DeniedExitCode)]
    public async Task Check_SourceAddress_DecidesLikeThePeer(string address, int expected) =>
        Assert.Equal(expected, (await CheckAsync("--source-ip", address)).Code);

    [Theory]
    [InlineData("""{"role": "admin"}""", 0)]
    [InlineData("""{"role": "viewer"}""", AuthzCommand.DeniedExitCode)]
    public async Task Check_Claims_AreWhatPoliciesAskFor(string claims, int expected) =>
        Assert.Equal(expected, (await CheckAsync("--principal", Web, "--path", "/admin/x", "--claims", claims)).Code);

    [Fact]
    public async Task Check_DotSegments_PoliciesSeeTheNormalizedPath()
    {
        var (code, text, _) = await CheckAsync("--principal", Web, "--path", "/items/../admin");
        Assert.Equal(AuthzCommand.DeniedExitCode, code);
        Assert.Contains("path as policies see it: /admin", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ServiceByName_SameChain() =>
        Assert.Equal(0, (await InvokeAsync("authz", "check", "--xds-dir", Recording(), "--destination", $"{DemoMesh.Host}:80", "--principal", Web)).Code);

    [Fact]
    public async Task Check_UnknownDestination_Denied()
    {
        var (code, text, _) = await InvokeAsync("authz", "check", "--xds-dir", Recording(), "--destination", "10.9.9.9:80");
        Assert.Equal(AuthzCommand.DeniedExitCode, code);
        Assert.Contains("no filter chain serves the destination", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Json_OneObjectWithEveryPredicate()
    {
        var (_, text, _) = await CheckAsync("--principal", Web, "--output", "json");
        using var answer = JsonDocument.Parse(text);
        Assert.Equal("allowed", answer.RootElement.GetProperty("outcome").GetString());
        var filter = answer.RootElement.GetProperty("filters")[0];
        Assert.Equal("ALLOW", filter.GetProperty("action").GetString());
        Assert.Equal(2, filter.GetProperty("policies").GetArrayLength());
        Assert.True(filter.GetProperty("policies")[1].GetProperty("principal").GetProperty("matches").GetBoolean());
    }

    [Theory]
    [InlineData("--principal", "web", "--principal is 'web'; accepted: spiffe://")]
    [InlineData("--source-ip", "here", "--source-ip is 'here'")]
    [InlineData("--path", "admin", "--path is 'admin'")]
    [InlineData("--header", "x-a", "--header is 'x-a'; accepted: NAME: VALUE")]
    [InlineData("--claims", "[1]", "--claims is '[1]'; accepted: a JSON object")]
    [InlineData("--output", "xml", "--output is 'xml'; accepted: text, json")]
    [InlineData("--until", "later", "--until is 'later'; accepted: a step of the recording")]
    public async Task Check_ValueThatCannotBe_IsNamed(string option, string value, string said)
    {
        var (code, _, error) = await CheckAsync(option, value);
        Assert.Equal(WaypointCommandLine.UsageExitCode, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NoRecording_SaysWhatOneIs()
    {
        var (code, _, error) = await InvokeAsync("authz", "check", "--xds-dir", _folder.Path, "--destination", "10.96.0.10:80");
        Assert.Equal(WaypointCommandLine.UsageExitCode, code);
        Assert.Contains("it has no index.json", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OptionMissing_HelpOfTheCommandIsNamed()
    {
        var (code, _, error) = await InvokeAsync("authz", "check");
        Assert.Equal(WaypointCommandLine.UsageExitCode, code);
        Assert.Contains("'waypoint authz check --help'", error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> CheckAsync(params string[] more) =>
        InvokeAsync(["authz", "check", "--xds-dir", Recording(), "--destination", $"{DemoMesh.Vip}:{DemoMesh.ServicePort}", .. more]);

    /// <summary>The demo's configuration with one policy in front of the service, as a recording of istiod's answers.</summary>
    private string Recording()
    {
        var folder = Path.Combine(_folder.Path, "recorded");
        Directory.CreateDirectory(folder);
        var entries = new List<string>();
        foreach (var type in DemoConfiguration.Create().GroupBy(static resource => resource.TypeUrl))
        {
            var response = new DeltaDiscoveryResponse { TypeUrl = type.Key };
            foreach (var resource in type)
                response.Resources.Add(new Resource { Name = resource.Name, Resource_ = Any.Pack(resource.Message is Listener { Name: "main_internal" } listener ? Guarded(listener) : resource.Message) });
            var name = $"{entries.Count:00}-x";
            File.WriteAllBytes(Path.Combine(folder, name + ".binpb"), response.ToByteArray());
            entries.Add($"{{\"file\": \"{name}\", \"step\": \"\"}}");
        }

        File.WriteAllText(Path.Combine(folder, "index.json"), $"[{string.Join(',', entries)}]");
        return folder;
    }

    private static Listener Guarded(Listener listener)
    {
        var parser = new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(ProtoRegistry.Types));
        foreach (var filter in listener.FilterChains.Single(static chain => chain.Name == DemoMesh.Chain).Filters)
        {
            var manager = filter.TypedConfig.Unpack<HttpConnectionManager>();
            manager.NormalizePath = true;
            manager.HttpFilters.Insert(0, new HttpFilter { Name = "envoy.filters.http.rbac", TypedConfig = Any.Pack(parser.Parse<RBAC>(Allow)) });
            filter.TypedConfig = Any.Pack(manager);
        }

        return listener;
    }

    private static async Task<(int Code, string Output, string Error)> InvokeAsync(params string[] arguments)
    {
        var (keptOut, keptError) = (Console.Out, Console.Error);
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            var code = await WaypointCommandLine.InvokeAsync(arguments).WaitAsync(TimeSpan.FromSeconds(30));
            return (code, output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(keptOut);
            Console.SetError(keptError);
        }
    }
}
