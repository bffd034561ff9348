using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests.Upstream;

public sealed class Http2UpstreamStreamTests
{
    private static readonly byte[] Settings = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 7];
    private static readonly byte[] Refused = [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7];
    private static readonly byte[] Cancelled = [0, 0, 4, 3, 0, 0, 0, 0, 3, 0, 0, 0, 8];
    private static readonly byte[] SettingsAck = [0, 0, 0, 4, 1, 0, 0, 0, 0];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task ReadAsync_ResetWithRefusedStream_OnlyItsCodeChanges(int chunkBytes)
    {
        byte[] sent = [.. Settings, .. SettingsAck, .. Refused, .. Cancelled, .. Settings, .. Refused];
        byte[] expected = [.. sent];
        expected[Settings.Length + SettingsAck.Length + Refused.Length - 1] = (byte)Http2UpstreamStream.RefusedStreamCode;
        expected[^1] = (byte)Http2UpstreamStream.RefusedStreamCode;
        await using var stream = new Http2UpstreamStream(new MemoryStream(sent));
        var received = new MemoryStream();
        byte[] buffer = new byte[chunkBytes];
        int count;
        while ((count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            received.Write(buffer, 0, count);
        }

        Assert.Equal(expected, received.ToArray());
    }

    [Fact]
    public async Task ReadAsync_EndBeforeAnyAnswerByte_IsAnError()
    {
        await using var stream = new Http1UpstreamStream(new MemoryStream(), Waypoint.Model.FilterChains.Http1Config.UpstreamDefault);
        await stream.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        ((Stream)stream).Flush();
        await Assert.ThrowsAsync<IOException>(async () => await Skip(stream));
    }

    [Fact]
    public async Task ReadAsync_EndOfAnIdleConnection_IsAnEnd()
    {
        await using var stream = new Http1UpstreamStream(new MemoryStream(), Waypoint.Model.FilterChains.Http1Config.UpstreamDefault);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    private static async Task<int> Skip(Stream stream)
    {
        byte[] one = new byte[64];
        return await stream.ReadAsync(one, TestContext.Current.CancellationToken);
    }
}
