using System.Text.Json;
using System.Text.RegularExpressions;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Requests;
using Waypoint.Model.Tokens;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Waypoint.Proxy.Filters.JwtAuthn;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Filters;
using JwtRequirement = Waypoint.Model.Filters.JwtAuthn.JwtRequirement;

namespace Waypoint.Conformance.Tests.Tokens;

/// <summary>What the kinds of cases of <c>jwt-validation</c> share: names of tokens and key sets replaced by their texts, configuration, request, evaluation.</summary>
internal sealed partial class JwtCase(JsonElement testCase, ConformanceTable table)
{
    internal JsonElement Json => testCase;

    internal JsonElement Expect { get; } = testCase.GetProperty("expect");

    internal string Note => testCase.Text("note") ?? "";

    /// <summary>The text with <c>${NAME}</c> and <c>${jwks:NAME}</c> replaced.</summary>
    internal string Text(string text) => Names().Replace(text, match => match.Groups["jwks"].Success ? table.Text("jwks", match.Groups["name"].Value) : table.Text("tokens", match.Groups["name"].Value));

    internal JwtAuthnFilterConfig Config(DecodeContext context)
    {
        var name = testCase.Text("config")!;
        return JwtAuthnDecoder.Decode("jwt", UpstreamJson.Parse<JwtAuthentication>(WithKeys(table.Config(name))), context);
    }

    internal JwtAuthnFilterConfig Config()
    {
        var context = new DecodeContext("Case");
        var config = Config(context);
        Assert.Empty(context.Problems);
        return config;
    }

    internal HeaderLines Headers() =>
        new(testCase.GetProperty("request").GetProperty("headers").HeaderPairs().Select(pair => KeyValuePair.Create(pair.Key, Text(pair.Value))));

    /// <summary>The key set that the case names. Where it names none, upstream's test hands over a set that was read as PEM.</summary>
    internal KeySetAnswer Keys() => testCase.Text("jwks") is { } name
        ? KeySetAnswer.Of(KeySet.Parse(table.Text("jwks", name), LibraryKeyFactory.Instance))
        : KeySetAnswer.Of(KeySet.ParsePem(table.Text("jwks", "PublicKey"), LibraryKeyFactory.Instance));

    /// <summary>Evaluates, fetching keys as often as it takes.</summary>
    internal static JwtOutcome Evaluate(JwtAuthnFilterConfig config, JwtRequirement requirement, CaseProviderKeys keys, ref HeaderLines headers, DynamicMetadata metadata)
    {
        var fetched = new KeySetAnswer[config.Providers.Count];
        while (true)
        {
            var outcome = config.Evaluate(requirement, keys, fetched, ref headers, metadata, DateTimeOffset.UtcNow);
            if (outcome.MissingKeys is not { } provider)
                return outcome;
            fetched[provider] = keys.Fetch(provider);
        }
    }

    private JsonElement WithKeys(JsonElement json)
    {
        using var document = JsonDocument.Parse(Names().Replace(json.GetRawText(), match => JsonEncodedText.Encode(Text(match.Value)).ToString()));
        return document.RootElement.Clone();
    }

    [GeneratedRegex(@"\$\{(?<jwks>jwks:)?(?<name>\w+)\}")]
    private static partial Regex Names();
}
