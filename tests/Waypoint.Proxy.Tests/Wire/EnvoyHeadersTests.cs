using System.Text;
using Waypoint.Proxy.Wire;

namespace Waypoint.Proxy.Tests.Wire;

public sealed class EnvoyHeadersTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nx-envoy-retry-on: 5xx\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: v\r\nX-Envoy-Max-Retries: 3\r\n\r\n")]
    [InlineData("GET /v1/vx-ENVOY-a HTTP/1.1\r\n\r\n")]
    [InlineData("x-envoy-")]
    public void MayOccur_PrefixInAnyCase_True(string head) => Assert.True(EnvoyHeaders.MayOccur(Encoding.Latin1.GetBytes(head)));

    [Theory]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("x-envoy")]
    [InlineData("GET /v1/envoy HTTP/1.1\r\nHost: vvvv\r\nAccept-Envoy-: 1\r\nx-env: v\r\n\r\n")]
    public void MayOccur_NoPrefix_False(string head) => Assert.False(EnvoyHeaders.MayOccur(Encoding.Latin1.GetBytes(head)));

    [Fact]
    public void MayOccur_RandomTextOfTheNamesLetters_AgreesWithASearchInLowerCase()
    {
        const string Letters = "xXeEnNvVoOyY-- \n";
        var random = new Random(20_261_129);
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Create(random.Next(40), random, static (chars, source) =>
            {
                foreach (ref char c in chars)
                {
                    c = Letters[source.Next(Letters.Length)];
                }
            });
            if (random.Next(3) == 0)
            {
                text = text.Insert(random.Next(text.Length + 1), random.Next(2) == 0 ? "x-envoy-" : "X-EnVoY-");
            }

            Assert.Equal(text.Contains("x-envoy-", StringComparison.OrdinalIgnoreCase), EnvoyHeaders.MayOccur(Encoding.Latin1.GetBytes(text)));
        }
    }
}
