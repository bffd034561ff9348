using Microsoft.Extensions.Logging;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Model.Outliers;
using Waypoint.Proxy.Upstream;
using Waypoint.Testing.Time;

namespace Waypoint.Proxy.Tests.Upstream;

public sealed class ClusterRuntimeTests
{
    private static readonly OutlierDetectionConfig TwoErrors = new()
    {
        Interval = TimeSpan.FromSeconds(1),
        BaseEjectionTime = TimeSpan.FromSeconds(10),
        Consecutive5xx = 2,
        MaxEjectionPercent = 100,
        EnforcingSuccessRate = 0,
    };

    private readonly FakeTimeProvider _time = new();
    private readonly CollectedLog<ClusterRuntime> _log = new();

    [Fact]
    public void Pick_LocalEndpointFails_TrafficMovesToTheNextPriorityAndReturns()
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(TwoErrors), Clusters.Priorities(3));
        Assert.Equal("10.0.0.1:80", Clusters.Pick(cluster));
        Fail(cluster, 1);
        Assert.Equal("10.0.0.2:80", Clusters.Pick(cluster));
        Fail(cluster, 2);
        Assert.Equal("10.0.0.3:80", Clusters.Pick(cluster));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("10.0.0.3:80", Clusters.Pick(cluster));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("10.0.0.1:80", Clusters.Pick(cluster));
    }

    [Fact]
    public void Pick_AllEjectedAndPanicOff_NobodyUntilTheFirstReturns()
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(TwoErrors), Clusters.Flat(Clusters.Endpoint(1), Clusters.Endpoint(2)));
        Fail(cluster, 1);
        Fail(cluster, 2);
        Assert.Null(Clusters.Pick(cluster));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull(Clusters.Pick(cluster));
    }

    [Fact]
    public void Pick_AllEjectedAndPanicOn_Everybody()
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(TwoErrors, panic: 60), Clusters.Flat(Clusters.Endpoint(1), Clusters.Endpoint(2)));
        Fail(cluster, 1);
        Fail(cluster, 2);
        Assert.NotNull(Clusters.Pick(cluster));
    }

    [Fact]
    public void Eject_RefusedTunnels_CountAsServerErrorsOrApart()
    {
        ClusterRuntime together = Cluster(Clusters.Config(TwoErrors), Clusters.Flat(Clusters.Endpoint(1), Clusters.Endpoint(2)));
        Clusters.Endpoint(together, 1).Failed(FailureReason.TunnelRefused);
        Clusters.Endpoint(together, 1).Answered(500);
        Assert.True(Clusters.Endpoint(together, 1).IsEjected);

        ClusterRuntime apart = Cluster(
            Clusters.Config(TwoErrors with { SplitLocalOriginErrors = true, ConsecutiveLocalOriginFailure = 2 }), Clusters.Flat(Clusters.Endpoint(1), Clusters.Endpoint(2)));
        EndpointRuntime endpoint = Clusters.Endpoint(apart, 1);
        endpoint.Failed(FailureReason.ConnectFailure);
        endpoint.Answered(500);
        endpoint.Failed(FailureReason.ConnectTimeout);
        Assert.False(endpoint.IsEjected);
        endpoint.Failed(FailureReason.TunnelRefused);
        Assert.True(endpoint.IsEjected);
    }

    [Theory]
    [InlineData(FailureReason.Overflow)]
    [InlineData(FailureReason.ClientGone)]
    [InlineData(FailureReason.ClusterUnsupported)]
    public void Eject_FailureThatSaysNothingOfTheEndpoint_NotCounted(FailureReason failure)
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(TwoErrors), Clusters.Flat(Clusters.Endpoint(1)));
        for (int i = 0; i < 10; i++)
        {
            Clusters.Endpoint(cluster, 1).Failed(failure);
        }

        Assert.False(Clusters.Endpoint(cluster, 1).IsEjected);
    }

    [Fact]
    public void Eject_Enforced_WarningNamesEndpointClusterReasonAndTime()
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(TwoErrors), Clusters.Priorities(2));
        Fail(cluster, 1);
        (LogLevel level, string text) = Assert.Single(_log.Lines);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("10.0.0.1:80", text, StringComparison.Ordinal);
        Assert.Contains("reviews", text, StringComparison.Ordinal);
        Assert.Contains("CONSECUTIVE_5XX", text, StringComparison.Ordinal);
        Assert.Contains("00:00:10", text, StringComparison.Ordinal);
        Assert.Equal(1, cluster.OutlierCounters!.Active);
    }

    [Fact]
    public void Update_EndpointsWhileOneIsOut_ItStaysOut()
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(TwoErrors), Clusters.Priorities(2));
        Fail(cluster, 1);
        cluster.Update(Clusters.Priorities(3));
        Assert.Equal("10.0.0.2:80", Clusters.Pick(cluster));
    }

    [Fact]
    public void Update_ConfigurationWhileOneIsOut_ItStaysOutUntilDetectionIsSwitchedOff()
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(TwoErrors), Clusters.Priorities(2));
        Fail(cluster, 1);
        // Another transport: new pools, the same endpoint.
        cluster.Update(Clusters.Config(TwoErrors) with { ConnectTimeout = TimeSpan.FromSeconds(3) });
        Assert.Equal("10.0.0.2:80", Clusters.Pick(cluster));
        cluster.Update(Clusters.Config());
        Assert.Equal("10.0.0.1:80", Clusters.Pick(cluster));
        Assert.Null(cluster.OutlierCounters);
    }

    [Fact]
    public void Update_EjectedEndpointRemoved_NoLongerCountsAsOut()
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(TwoErrors with { MaxEjectionPercent = 50 }), Clusters.Priorities(2));
        Fail(cluster, 1);
        cluster.Update(Clusters.Flat(Clusters.Endpoint(2), Clusters.Endpoint(3)));
        Fail(cluster, 2);
        Assert.Equal("10.0.0.3:80", Clusters.Pick(cluster));
    }

    [Fact]
    public void Pick_NewEndpointWithWarmUp_ShareRisesWithTime()
    {
        ClusterConfig config = Clusters.Config(slowStart: new SlowStartConfig(TimeSpan.FromSeconds(100)));
        ClusterRuntime cluster = Cluster(config, Clusters.Flat(Clusters.Endpoint(1)));
        _time.Advance(TimeSpan.FromSeconds(200));
        cluster.Update(Clusters.Flat(Clusters.Endpoint(1), Clusters.Endpoint(2)));
        Assert.Equal(1.0 / 11, Share(cluster, 2), 0.02);
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(1.0 / 3, Share(cluster, 2), 0.02);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0.5, Share(cluster, 2), 0.01);
    }

    [Fact]
    public void Pick_EndpointHealthyAgain_WarmsUpAnew()
    {
        ClusterConfig config = Clusters.Config(slowStart: new SlowStartConfig(TimeSpan.FromSeconds(100)));
        ClusterRuntime cluster = Cluster(config, Clusters.Flat(Clusters.Endpoint(1), Clusters.Endpoint(2, EndpointHealth.Unhealthy)));
        _time.Advance(TimeSpan.FromSeconds(200));
        cluster.Update(Clusters.Flat(Clusters.Endpoint(1), Clusters.Endpoint(2)));
        Assert.Equal(1.0 / 11, Share(cluster, 2), 0.02);
    }

    [Fact]
    public void State_ConfigurationAndEndpointsChangedBeforeTheFirstRequest_TheNewest()
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(), Clusters.Flat(Clusters.Endpoint(1)));
        cluster.Update(Clusters.Flat(Clusters.Endpoint(2)));
        ClusterConfig config = Clusters.Config() with { ConnectTimeout = TimeSpan.FromSeconds(3) };
        cluster.Update(config);
        Assert.Equal("10.0.0.2:80", Clusters.Pick(cluster));
        Assert.Same(config, cluster.State.Config);
        Assert.Same(config, cluster.Config);
    }

    [Fact]
    public void State_SlowStartAddedBeforeTheFirstRequest_WarmsUpFromThen()
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(), Clusters.Flat(Clusters.Endpoint(1), Clusters.Endpoint(2)));
        cluster.Update(Clusters.Config(slowStart: new SlowStartConfig(TimeSpan.FromSeconds(100))));
        _time.Advance(TimeSpan.FromSeconds(200));
        cluster.Update(Clusters.Flat(Clusters.Endpoint(1), Clusters.Endpoint(2), Clusters.Endpoint(3)));
        Assert.Equal(1.0 / 21, Share(cluster, 3), 0.02);
    }

    [Fact]
    public void State_FirstRequestAfterTheClusterWent_NobodyToAcquire()
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(), Clusters.Flat(Clusters.Endpoint(1)));
        cluster.Retire();
        Assert.False(Clusters.Endpoint(cluster, 1).TryAcquire());
    }

    [Fact]
    public void Retire_Cluster_SweepsNoMore()
    {
        ClusterRuntime cluster = Cluster(Clusters.Config(TwoErrors), Clusters.Priorities(2));
        Fail(cluster, 1);
        cluster.Retire();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(_log.Lines);
    }

    private ClusterRuntime Cluster(ClusterConfig config, ClusterEndpoints endpoints) => Clusters.Runtime(config, endpoints, _time, _log);

    private static void Fail(ClusterRuntime cluster, int number)
    {
        Clusters.Endpoint(cluster, number).Answered(500);
        Clusters.Endpoint(cluster, number).Answered(500);
    }

    private static double Share(ClusterRuntime cluster, int number)
    {
        int hits = 0;
        for (int i = 0; i < 1100; i++)
        {
            if (Clusters.Pick(cluster) == $"10.0.0.{number}:80")
            {
                hits++;
            }
        }

        return hits / 1100.0;
    }
}
