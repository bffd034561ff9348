using System.Net;
using BenchmarkDotNet.Attributes;
using Waypoint.Model.Authorization;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Benchmarks;

/// <summary>500 policies as istiod makes them of AuthorizationPolicies: one that fits at the end, one that fits at the beginning, and a DENY where none fits. Nothing may be
/// allocated.</summary>
[MemoryDiagnoser]
public class RbacBenchmark
{
    private const int Policies = 500;

    private RbacPolicySet _allow = null!;
    private RbacPolicySet _deny = null!;

    [GlobalSetup]
    public void Setup()
    {
        _allow = new RbacPolicySet(RbacAction.Allow, Enumerable.Range(0, Policies).Select(Policy));
        _deny = new RbacPolicySet(RbacAction.Deny, Enumerable.Range(0, Policies).Select(Policy));
        if (!AllowedByTheLast() || !AllowedByTheFirst() || !NotDenied())
            throw new InvalidOperationException("The policies answer otherwise than they should.");
    }

    [Benchmark(Baseline = true)]
    public bool AllowedByTheFirst() => _allow.Evaluate(new Request("/area-0/item", "spiffe://cluster.local/ns/team-0/sa/web")).Allowed;

    [Benchmark]
    public bool AllowedByTheLast() => _allow.Evaluate(new Request("/area-499/item", "spiffe://cluster.local/ns/team-499/sa/web")).Allowed;

    [Benchmark]
    public bool NotDenied() => _deny.Evaluate(new Request("/elsewhere", "spiffe://cluster.local/ns/other/sa/web")).Allowed;

    private static RbacPolicy Policy(int number) => new(
        $"ns[team]-policy[p{number:000}]-rule[0]",
        new AuthorizationRule.All([
            new AuthorizationRule.AnyOf([new AuthorizationRule.UrlPath(new PathMatcher(StringMatcher.Prefix($"/area-{number}/")))]),
            new AuthorizationRule.AnyOf([new AuthorizationRule.Header(HeaderMatcher.Value(HeaderNames.Method, StringMatcher.Exact("GET")))]),
        ]),
        new AuthorizationRule.AnyOf([new AuthorizationRule.FilterState(
            FilterStateMatcher.Text(Request.PrincipalKey, StringMatcher.Exact($"spiffe://cluster.local/ns/team-{number}/sa/web")))]));

    private sealed class State(string principal) : IFilterStateView
    {
        public string? GetText(string key) => key == Request.PrincipalKey ? principal : null;

        public IPAddress? GetAddress(string key) => null;
    }

    private readonly struct Request : IAuthorizationView
    {
        public const string PrincipalKey = "io.istio.peer_principal";

        private static readonly Dictionary<string, State> States = new(StringComparer.Ordinal);

        private readonly string _path;
        private readonly State _state;

        public Request(string path, string principal)
        {
            _path = path;
            if (!States.TryGetValue(principal, out State? state))
                States.Add(principal, state = new State(principal));
            _state = state;
        }

        public bool IsTls => false;

        public bool PeerCertificateValidated => false;

        public int UriSanCount => 0;

        public int DnsSanCount => 0;

        public string PeerSubject => "";

        public IPAddress? SourceAddress => IPAddress.Loopback;

        public int SourcePort => 0;

        public IPAddress? DirectRemoteAddress => IPAddress.Loopback;

        public IPAddress? RemoteAddress => IPAddress.Loopback;

        public IPAddress? DestinationAddress => IPAddress.Loopback;

        public int DestinationPort => 80;

        public string RequestedServerName => "";

        public IMetadataView? DynamicMetadata => null;

        public IMetadataView? RouteMetadata => null;

        public IFilterStateView? FilterState => _state;

        public string GetUriSan(int index) => "";

        public string GetDnsSan(int index) => "";

        public int Count(string name) => name is HeaderNames.Path or HeaderNames.Method ? 1 : 0;

        public string Get(string name, int index) => name == HeaderNames.Path ? _path : "GET";
    }
}
