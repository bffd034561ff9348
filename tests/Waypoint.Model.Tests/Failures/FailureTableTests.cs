using Waypoint.Model.Failures;

namespace Waypoint.Model.Tests.Failures;

public sealed class FailureTableTests
{
    [Fact]
    public void Of_EveryReason_HasARowWithDetails()
    {
        foreach (FailureReason reason in Enum.GetValues<FailureReason>())
        {
            FailureRow row = FailureTable.Of(reason);
            Assert.NotEmpty(row.Details);
            Assert.True(row.Status is 0 or (>= 200 and < 600), $"{reason}: status {row.Status}");
        }
    }

    [Theory]
    [InlineData(FailureReason.NoRoute, 404, "NR", "route_not_found", "")]
    [InlineData(FailureReason.NoHealthyUpstream, 503, "UH", "no_healthy_upstream", "no healthy upstream")]
    [InlineData(FailureReason.RouteTimeout, 504, "UT", "response_timeout", "upstream request timeout")]
    [InlineData(FailureReason.UpstreamClosed, 503, "UC", "upstream_reset_before_response_started{connection_termination}",
        "upstream connect error or disconnect/reset before headers. reset reason: connection termination")]
    public void Of_FailureThatEnvoyKnows_IsWordedAsEnvoyDoes(FailureReason reason, int status, string flag, string details, string body)
    {
        FailureRow row = FailureTable.Of(reason);
        Assert.Equal((status, flag, details, body), (row.Status, row.Flag, row.Details, row.Body));
    }

    [Fact]
    public void BodyAfterRetry_Reset_SaysThatItWasRetried() =>
        Assert.Equal(
            "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote refused stream reset",
            FailureTable.Of(FailureReason.UpstreamRefusedStream).BodyAfterRetry);

    [Theory]
    [InlineData(400, 13)]
    [InlineData(401, 16)]
    [InlineData(403, 7)]
    [InlineData(404, 12)]
    [InlineData(429, 14)]
    [InlineData(503, 14)]
    [InlineData(504, 14)]
    [InlineData(500, 2)]
    public void GrpcStatusOf_HttpStatus_FollowsGrpcsTable(int http, int grpc) => Assert.Equal(grpc, FailureTable.GrpcStatusOf(http));
}
