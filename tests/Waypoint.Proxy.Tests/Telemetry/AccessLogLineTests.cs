using System.Text;
using Waypoint.Proxy.Telemetry;

namespace Waypoint.Proxy.Tests.Telemetry;

public sealed class AccessLogLineTests
{
    [Fact]
    public void Append_RequestAnswered_IstiosDefaultFormat()
    {
        var text = new StringBuilder();
        AccessLogLine.Append(text, new AccessLogRecord
        {
            Layer = "http",
            StartTime = new DateTimeOffset(2026, 9, 1, 10, 0, 0, 123, TimeSpan.Zero),
            Duration = TimeSpan.FromMilliseconds(33.7),
            Method = "GET",
            Path = "/reviews/0",
            Protocol = "HTTP/1.1",
            Status = 200,
            Details = "via_upstream",
            BytesSent = 358,
            UpstreamServiceTime = TimeSpan.FromMilliseconds(32),
            UserAgent = "curl/8.7",
            RequestId = "5b1f",
            Authority = "reviews:9080",
            UpstreamHost = "envoy://connect_originate/10.244.2.31:9080",
            UpstreamCluster = "inbound-vip|9080|http|reviews.test",
            DownstreamLocalAddress = "10.96.12.7:9080",
            DownstreamRemoteAddress = "10.244.1.9:48344",
            RouteName = "default",
        });
        Assert.Equal(
            "[2026-09-01T10:00:00.123Z] \"GET /reviews/0 HTTP/1.1\" 200 - via_upstream - \"-\" 0 358 33 32 \"-\" \"curl/8.7\" \"5b1f\" \"reviews:9080\" "
            + "\"envoy://connect_originate/10.244.2.31:9080\" inbound-vip|9080|http|reviews.test - 10.96.12.7:9080 10.244.1.9:48344 - default\n",
            text.ToString());
    }
}
