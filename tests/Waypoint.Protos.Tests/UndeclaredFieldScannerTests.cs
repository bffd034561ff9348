using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos.Envoy.Config.Accesslog.V3;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Config.Rbac.V3;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Waypoint.Protos.Scanning;
using Waypoint.Protos.Udpa.Type.V1;
using HttpRbac = Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;
using NetworkFilter = Waypoint.Protos.Envoy.Config.Listener.V3.Filter;
using RbacRules = Waypoint.Protos.Envoy.Config.Rbac.V3.RBAC;

namespace Waypoint.Protos.Tests;

public sealed class UndeclaredFieldScannerTests
{
    private const int Unknown = 999;

    [Fact]
    public void Scan_EverythingDeclared_Clean()
    {
        ScanReport report = UndeclaredFieldScanner.Scan(ListenerWithRbac(new RbacRules { Action = RbacRules.Types.Action.Deny }.ToByteArray()));
        Assert.True(report.IsClean);
        Assert.False(report.DecidesSecurity);
        Assert.Null(report.FirstUnder(""));
    }

    [Fact]
    public void Scan_UnknownFieldThreeAnysDeep_FoundWithItsPath()
    {
        byte[] rules = WireBytes.Join(
            new RbacRules { Policies = { ["readers"] = new Policy { Permissions = { new Permission { Any = true } } } } }.ToByteArray(),
            WireBytes.Varint(Unknown, 1));

        UndeclaredContent finding = Assert.Single(UndeclaredFieldScanner.Scan(ListenerWithRbac(rules)).Findings);

        Assert.Equal(UndeclaredKind.Field, finding.Kind);
        Assert.Equal("filter_chains[1].filters[0].typed_config.http_filters[0].typed_config.rules", finding.Path);
        Assert.Equal("envoy.config.rbac.v3.RBAC", finding.MessageType);
        Assert.Equal(Unknown, finding.Number);
        Assert.True(finding.DecidesSecurity);
        Assert.Contains("field 999 is not known", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_UnknownFieldInMapValue_PathNamesTheKey()
    {
        byte[] policy = WireBytes.Join(new Policy().ToByteArray(), WireBytes.Block(Unknown, "x"u8));
        byte[] entry = WireBytes.Join(WireBytes.Block(1, "ns[shop]-policy[readers]"u8), WireBytes.Block(2, policy));
        byte[] rules = WireBytes.Block(2, entry);

        UndeclaredContent finding = Assert.Single(UndeclaredFieldScanner.Scan(rules, ProtoName.Of<RbacRules>()).Findings);

        Assert.Equal("policies[ns[shop]-policy[readers]]", finding.Path);
        Assert.Equal("envoy.config.rbac.v3.Policy", finding.MessageType);
    }

    [Fact]
    public void Scan_UnknownEnumValue_Found()
    {
        ScanReport report = UndeclaredFieldScanner.Scan(new RbacRules { Action = (RbacRules.Types.Action)7 });

        UndeclaredContent finding = Assert.Single(report.Findings);
        Assert.Equal(UndeclaredKind.EnumValue, finding.Kind);
        Assert.Equal(1, finding.Number);
        Assert.Equal("7 of envoy.config.rbac.v3.RBAC.Action", finding.Detail);
        Assert.True(report.DecidesSecurity);
    }

    [Fact]
    public void Scan_UnknownValueInPackedEnums_Found()
    {
        var scope = new Istio.Workload.LoadBalancing { RoutingPreference = { Istio.Workload.LoadBalancing.Types.Scope.Region, (Istio.Workload.LoadBalancing.Types.Scope)42 } };
        Assert.Equal("42 of istio.workload.LoadBalancing.Scope", Assert.Single(UndeclaredFieldScanner.Scan(scope).Findings).Detail);
    }

    [Fact]
    public void Scan_PackedNumbersSentUnpacked_Clean()
    {
        byte[] unpacked = WireBytes.Join(WireBytes.Varint(7, 503), WireBytes.Varint(7, 504));
        Assert.True(UndeclaredFieldScanner.Scan(unpacked, ProtoName.Of<RetryPolicy>()).IsClean);
        Assert.True(UndeclaredFieldScanner.Scan(new RetryPolicy { RetriableStatusCodes = { 503, 504 } }).IsClean);
    }

    [Fact]
    public void Scan_DeclaredFieldWithAnotherWireType_Found()
    {
        UndeclaredContent finding = Assert.Single(UndeclaredFieldScanner.Scan(WireBytes.Fixed32(1, 5), ProtoName.Of<RouteMatch>()).Findings);
        Assert.Equal((UndeclaredKind.Field, 1, true), (finding.Kind, finding.Number, finding.DecidesSecurity));
    }

    [Fact]
    public void Scan_UnknownFilterType_DecidesSecurity()
    {
        var manager = new HttpConnectionManager
        {
            HttpFilters = { new HttpFilter { Name = "new", TypedConfig = new Any { TypeUrl = "type.googleapis.com/envoy.extensions.filters.http.new.v3.New" } } },
        };
        UndeclaredContent finding = Assert.Single(UndeclaredFieldScanner.Scan(manager).Findings);
        Assert.Equal(UndeclaredKind.TypeUrl, finding.Kind);
        Assert.Equal("http_filters[0].typed_config", finding.Path);
        Assert.True(finding.DecidesSecurity);
    }

    [Fact]
    public void Scan_UnknownAccessLogType_DecidesNothing()
    {
        var manager = new HttpConnectionManager { AccessLog = { new AccessLog { Name = "new", TypedConfig = new Any { TypeUrl = "type.googleapis.com/new.Log" } } } };
        ScanReport report = UndeclaredFieldScanner.Scan(manager);
        Assert.False(Assert.Single(report.Findings).DecidesSecurity);
        Assert.False(report.DecidesSecurity);
    }

    [Fact]
    public void Scan_UnknownFieldOfCluster_DecidesNothing() =>
        Assert.False(UndeclaredFieldScanner.Scan(WireBytes.Varint(Unknown, 1), ProtoName.Of<Cluster>()).DecidesSecurity);

    [Fact]
    public void Scan_HelperBelowStrictMessage_DecidesSecurity()
    {
        // HeaderMatcher.range_match is an Int64Range, which by itself decides nothing.
        byte[] matcher = WireBytes.Block(6, WireBytes.Varint(Unknown, 1));
        UndeclaredContent finding = Assert.Single(UndeclaredFieldScanner.Scan(matcher, ProtoName.Of<HeaderMatcher>()).Findings);
        Assert.Equal("envoy.type.v3.Int64Range", finding.MessageType);
        Assert.True(finding.DecidesSecurity);
    }

    [Fact]
    public void Scan_AnyWithoutTypeAndValue_Clean() =>
        Assert.True(UndeclaredFieldScanner.Scan(new HttpFilter { Name = "x", TypedConfig = new Any() }).IsClean);

    [Fact]
    public void Scan_AnyWithValueButNoType_Found()
    {
        var filter = new HttpFilter { TypedConfig = new Any { Value = ByteString.CopyFromUtf8("x") } };
        Assert.Equal(UndeclaredKind.TypeUrl, Assert.Single(UndeclaredFieldScanner.Scan(filter).Findings).Kind);
    }

    [Fact]
    public void ScanAny_UndeclaredResourceType_IsTheOnlyFinding()
    {
        UndeclaredContent finding = Assert.Single(UndeclaredFieldScanner.Scan(new Any { TypeUrl = "type.googleapis.com/no.Such" }).Findings);
        Assert.Equal((UndeclaredKind.TypeUrl, "no.Such"), (finding.Kind, finding.Detail.Split('/')[1]));
    }

    [Fact]
    public void Scan_TypedStruct_UnknownNameFoundKnownNamesNot()
    {
        var config = Struct.Parser.ParseJson("""{"downstream_discovery":[{"workload_discovery":{}},{"crystal_ball":{}}],"sharedWithUpstream":true}""");
        var wrapped = new TypedStruct { TypeUrl = "type.googleapis.com/io.istio.http.peer_metadata.Config", Value = config };
        UndeclaredContent finding = Assert.Single(UndeclaredFieldScanner.Scan(new HttpFilter { TypedConfig = Any.Pack(wrapped) }).Findings);
        Assert.Equal("typed_config.downstream_discovery[1]", finding.Path);
        Assert.Equal((0, "crystal_ball", false), (finding.Number, finding.Detail, finding.DecidesSecurity));
    }

    [Fact]
    public void Scan_TypedStructOfUndeclaredType_Found()
    {
        var wrapped = new TypedStruct { TypeUrl = "type.googleapis.com/no.Such", Value = new Struct() };
        ScanReport report = UndeclaredFieldScanner.Scan(new HttpFilter { TypedConfig = Any.Pack(wrapped) });
        Assert.Equal(UndeclaredKind.TypeUrl, Assert.Single(report.Findings).Kind);
        Assert.True(report.DecidesSecurity);
    }

    [Fact]
    public void Scan_StructWithAnyContent_Clean() =>
        Assert.True(UndeclaredFieldScanner.Scan(Struct.Parser.ParseJson("""{"a":{"b":[1,"two",null]}}""")).IsClean);

    [Fact]
    public void Scan_Group_ReportedOnceAndSkippedWhole()
    {
        byte[] bytes = WireBytes.Join(WireBytes.Group(50, WireBytes.Varint(1, 1), WireBytes.Group(51, WireBytes.Block(2, "x"u8))), WireBytes.Varint(Unknown, 1));
        Assert.Equal([50, Unknown], UndeclaredFieldScanner.Scan(bytes, ProtoName.Of<Route>()).Findings.Select(finding => finding.Number));
    }

    [Fact]
    public void Scan_UnmatchedEndOfGroup_Malformed()
    {
        byte[] endOfGroup = [(5 << 3) | 4];
        Assert.Equal(UndeclaredKind.Malformed, UndeclaredFieldScanner.Scan(endOfGroup, ProtoName.Of<Route>()).Findings[^1].Kind);
    }

    [Fact]
    public void Scan_CutAtEveryByte_NeverThrowsAndNeverLooksComplete()
    {
        byte[] whole = ListenerWithRbac(new RbacRules { Policies = { ["p"] = new Policy { Permissions = { new Permission { DestinationPort = 80 } } } } }.ToByteArray()).ToByteArray();
        for (int length = 1; length < whole.Length; length++)
        {
            ScanReport report = UndeclaredFieldScanner.Scan(whole.AsSpan(0, length), ProtoName.Of<Listener>());
            if (Parses(whole.AsSpan(0, length))) continue;
            Assert.Contains(report.Findings, finding => finding.Kind == UndeclaredKind.Malformed);
        }
    }

    [Fact]
    public void Scan_RandomDamage_NeverThrows()
    {
        byte[] whole = ListenerWithRbac(new RbacRules { Policies = { ["p"] = new Policy() } }.ToByteArray()).ToByteArray();
        var random = new Random(20260117);
        byte[] damaged = new byte[whole.Length];
        for (int round = 0; round < 20_000; round++)
        {
            whole.CopyTo(damaged, 0);
            for (int i = 0; i < 3; i++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            _ = UndeclaredFieldScanner.Scan(damaged, ProtoName.Of<Listener>());
        }
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(5_000, false)]
    public void Scan_Nested_StopsAtTheParsersDepth(int depth, bool clean)
    {
        byte[] bytes = [];
        // Permission.not_rule = 8 holds a Permission.
        for (int i = 0; i < depth; i++) bytes = WireBytes.Block(8, bytes);

        ScanReport report = UndeclaredFieldScanner.Scan(bytes, ProtoName.Of<Permission>());

        Assert.Equal(clean, report.IsClean);
        if (!clean) Assert.Equal((UndeclaredKind.TooDeep, true), (report.Findings[0].Kind, report.DecidesSecurity));
    }

    [Fact]
    public void Scan_MoreThanCanBeListed_TruncatedDecidesSecurity()
    {
        byte[] bytes = WireBytes.Join([.. Enumerable.Repeat(WireBytes.Varint(Unknown, 1), UndeclaredFieldScanner.MaxFindings + 1)]);
        ScanReport report = UndeclaredFieldScanner.Scan(bytes, ProtoName.Of<Cluster>());
        Assert.Equal(UndeclaredFieldScanner.MaxFindings, report.Findings.Count);
        Assert.True(report.IsTruncated);
        Assert.True(report.DecidesSecurity);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("filter_chains[1]", true)]
    [InlineData("filter_chains[1].filters", true)]
    [InlineData("filter_chains[1].filters[0].typed_config", true)]
    [InlineData("filter_chains[1].filter", false)]
    [InlineData("filter_chains[10]", false)]
    [InlineData("filter_chains[0]", false)]
    public void FirstUnder_Path_CoversWholeSegmentsOnly(string path, bool found)
    {
        ScanReport report = UndeclaredFieldScanner.Scan(ListenerWithRbac(WireBytes.Varint(Unknown, 1)));
        Assert.Equal(found, report.FirstUnder(path) is not null);
    }

    private static Listener ListenerWithRbac(byte[] rules)
    {
        Any filter = WireBytes.Any(HttpRbac.Descriptor, WireBytes.Block(1, rules));
        var manager = new HttpConnectionManager { StatPrefix = "x", HttpFilters = { new HttpFilter { Name = "envoy.filters.http.rbac", TypedConfig = filter } } };
        return new Listener
        {
            Name = "main_internal",
            FilterChains = { new FilterChain { Name = "other" }, new FilterChain { Name = "chain", Filters = { new NetworkFilter { TypedConfig = Any.Pack(manager) } } } },
        };
    }

    private static bool Parses(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Listener.Parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
