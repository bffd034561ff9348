using System.Text.Json;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Tokens;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Filters;
using JwtRequirement = Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3.JwtRequirement;

namespace Waypoint.Conformance.Tests.Tokens;

/// <summary>How results of providers make the result of a requirement. Providers without a result have not answered.</summary>
internal static class JwtCombineCase
{
    internal static void Run(JwtCase jwtCase)
    {
        jwtCase.Expect.RequireOnly("status", "message", "metadata_from");
        var message = new JwtAuthentication();
        var requires = jwtCase.Json.GetProperty("requires");
        foreach (var name in ProviderNames(requires).Distinct())
            message.Providers.Add(name, new JwtProvider());
        message.Rules.Add(new RequirementRule { Match = new() { Prefix = "/" }, Requires = UpstreamJson.Parse<JwtRequirement>(requires) });
        var context = new DecodeContext("Case");
        var config = JwtAuthnDecoder.Decode("jwt", message, context);
        Assert.Empty(context.Problems);

        var results = jwtCase.Json.GetProperty("provider_results").EnumerateArray()
            .ToDictionary(static result => result.Text("provider")!, static result => Enum.Parse<JwtStatus>(result.Text("status")!));
        var checks = new Results(config, results);
        var status = RequirementTree.Evaluate(config.Rules[0].Requirement!, ref checks);
        Assert.Equal(jwtCase.Expect.Text("status"), status.ToString());
        if (jwtCase.Expect.Text("message") is { } text)
            Assert.Equal(text, JwtStatusText.Of(status!.Value));
        if (jwtCase.Expect.Find("metadata_from") is { } sources)
            Assert.Equal(sources.EnumerateArray().Select(static source => source.GetString()), status == JwtStatus.Ok ? checks.Accepted : []);
    }

    private static IEnumerable<string> ProviderNames(JsonElement requires) => requires.ValueKind switch
    {
        JsonValueKind.Object => requires.EnumerateObject().SelectMany(static field => field.Name == "provider_name" ? [field.Value.GetString()!] : ProviderNames(field.Value)),
        JsonValueKind.Array => requires.EnumerateArray().SelectMany(ProviderNames),
        _ => [],
    };

    private readonly struct Results(JwtAuthnFilterConfig config, Dictionary<string, JwtStatus> results) : ITokenChecks
    {
        /// <summary>Providers whose tokens were good, as far as they were asked.</summary>
        internal List<string> Accepted { get; } = [];

        public JwtStatus? Check(TokenRequirement requirement)
        {
            var name = config.Providers[requirement.Provider!.Value].Name;
            if (!results.TryGetValue(name, out var status))
                return null;
            if (status == JwtStatus.Ok)
                Accepted.Add(name);
            return status;
        }
    }
}
