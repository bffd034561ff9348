using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Requests;
using Waypoint.Model.Tokens;
using Waypoint.Proxy.Filters.JwtAuthn;

namespace Waypoint.Benchmarks;

/// <summary>The evaluation of a request with one RS256 token of the usual size, as istiod configures it: the token known already, and the first time.</summary>
[MemoryDiagnoser]
public class JwtBenchmark
{
    private readonly DynamicMetadata _metadata = new();
    private JwtAuthnFilterConfig _config = null!;
    private JwtRequirement _requirement = null!;
    private BenchmarkKeys _known = null!;
    private BenchmarkKeys _forgetful = null!;
    private OneFixedHeader _request;
    private DateTimeOffset _now;

    [GlobalSetup]
    public void Setup()
    {
        using var key = RSA.Create(2048);
        RSAParameters numbers = key.ExportParameters(includePrivateParameters: false);
        string keys = $$"""{"keys":[{"kty":"RSA","kid":"k","alg":"RS256","n":"{{Base64Url.EncodeToString(numbers.Modulus)}}","e":"{{Base64Url.EncodeToString(numbers.Exponent)}}"}]}""";
        string signed = Encode("""{"alg":"RS256","kid":"k","typ":"JWT"}""") + "." + Encode(
            """{"iss":"https://login.example","sub":"mia","aud":["books"],"exp":4000000000,"groups":["staff","buyers"],"scope":"read write","org":{"unit":{"id":"u7"}}}""");
        string token = signed + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        var provider = new JwtProviderConfig
        {
            Name = "origins-0",
            Issuer = "https://login.example",
            Audiences = new AudienceSet(["books"]),
            ForwardPayloadHeader = "x-jwt-payload",
            PayloadInMetadata = "payload",
            SpaceDelimitedClaims = ["permission", "scope"],
            ClaimHeaders = [new ClaimHeader("x-jwt-sub", ["sub"])],
            ClearRouteCache = true,
        };
        _config = new JwtAuthnFilterConfig("envoy.filters.http.jwt_authn") { Providers = [provider] };
        _requirement = new AnyRequirement([new TokenRequirement(TokenLocations.Of(provider), 0)], AllowMissing: true);
        _known = new BenchmarkKeys(keys, remembers: true);
        _forgetful = new BenchmarkKeys(keys, remembers: false);
        _request = new OneFixedHeader("authorization", "Bearer " + token);
        _now = DateTimeOffset.UtcNow;
        if (KnownToken() != JwtStatus.Ok || FirstValidation() != JwtStatus.Ok)
            throw new InvalidOperationException("The token must be accepted.");
    }

    [Benchmark(Baseline = true)]
    public JwtStatus KnownToken() => Evaluate(_known);

    [Benchmark]
    public JwtStatus FirstValidation() => Evaluate(_forgetful);

    private JwtStatus Evaluate(BenchmarkKeys keys)
    {
        _metadata.Clear();
        return _config.Evaluate(_requirement, keys, [], ref _request, _metadata, _now).Status;
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private sealed class BenchmarkKeys(string text, bool remembers) : IProviderKeys
    {
        private readonly KeySetAnswer _keys = KeySetAnswer.Of(KeySet.Parse(text, LibraryKeyFactory.Instance));
        private readonly TokenCache _tokens = new();

        public KeySetAnswer Current(int provider) => _keys;

        public VerifiedToken? Find(ReadOnlySpan<char> token, int provider, out Jwt? read) => _tokens.Find(token, provider, _keys.Keys, 0, out read);

        public void Remember(ReadOnlySpan<char> token, VerifiedToken verified, KeySet keys, ulong now)
        {
            if (remembers)
                _tokens.Remember(token, verified, keys, now);
        }
    }
}
