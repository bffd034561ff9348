using System.Text;

namespace Waypoint.Proxy.Tests.Wire;

public sealed class Http1UpstreamStreamTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    [Theory]
    [InlineData(Get, Ok)]
    [InlineData(Get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab")]
    [InlineData(Get, "HTTP/1.0 200 OK\r\n\r\nuntil the end")]
    [InlineData("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData(Get, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")]
    public void Read_GoodResponse_PassesUnchangedHoweverItIsCut(string request, string response)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(response);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(response, UpstreamRig.Pass(request, [bytes[..cut], bytes[cut..]], out bool failed));
            Assert.False(failed);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nfo o: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nfoo: \0\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("SSH-2.0-x\r\n\r\n")]
    public void Read_ResponseThatClientsReadDifferently_Fails(string response)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(response);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal("", UpstreamRig.Pass(Get, [bytes[..cut], bytes[cut..]], out bool failed));
            Assert.True(failed);
        }
    }

    [Theory]
    [InlineData(Ok + "HTTP/1.1 200 OK\r\n\r\nfor another", Ok)]
    [InlineData("HTTP/1.1 304 Not Modified\r\n\r\nbody", "HTTP/1.1 304 Not Modified\r\n\r\n")]
    public void Read_BytesBehindTheAnswer_NeverReachTheClient(string response, string passed)
    {
        Assert.Equal(passed, UpstreamRig.Pass(Get, [Encoding.Latin1.GetBytes(response)], out bool failed));
        Assert.True(failed);
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 \r\n\r\nHTTP/1.1 199 x\r\n\r\n")]
    public void Read_InterimResponses_TheHttpClientSeesNoneHoweverTheyAreCut(string interims)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(interims + Ok);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(Ok, UpstreamRig.Pass(Get, [bytes[..cut], bytes[cut..]], out bool failed));
            Assert.False(failed);
        }
    }

    [Fact]
    public void Read_BytesBeforeAnyRequest_Fails()
    {
        Assert.Equal("", UpstreamRig.Pass("", [Encoding.Latin1.GetBytes(Ok)], out bool failed));
        Assert.True(failed);
    }

    [Fact]
    public void Read_FoldedValueAndOtherVersion_WrittenAnew() =>
        Assert.Equal("HTTP/1.1 200 OK\r\nfoo: a  b\r\nContent-Length: 2\r\n\r\nhi", UpstreamRig.Pass(Get, [Encoding.Latin1.GetBytes("HTTP/9.1 200 OK\r\nfoo: a\n  b\r\nContent-Length: 2\r\n\r\nhi")], out _));

    [Fact]
    public void Write_BodyThatLooksLikeAHead_IsNoRequest()
    {
        // The body of the request says HEAD: the response still has its body.
        string request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 19\r\n\r\nHEAD / HTTP/1.1\r\n\r\n";
        Assert.Equal(Ok, UpstreamRig.Pass(request, [Encoding.Latin1.GetBytes(Ok)], out bool failed));
        Assert.False(failed);
    }
}
