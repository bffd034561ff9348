using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Proxy.Upstream.Mirroring;
using Waypoint.Proxy.Upstream.Pools;

namespace Waypoint.Proxy.Tests.Upstream.Mirroring;

public sealed class MirrorRequestTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly MirrorDispatcher _owner = new(new MirrorOptions(), TimeProvider.System, NullLogger<MirrorDispatcher>.Instance);

    public void Dispose() => _owner.Dispose();

    [Fact]
    public async Task RunAsync_MirrorAnswersWithAnError_CountsAsCompletedAndLeavesItsPlace()
    {
        MirrorRequest request = Make(new MirrorBackend(static (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.InternalServerError))), null, Patience);
        await request.RunAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, _owner.Counters.Completed);
        Assert.Equal(0, _owner.Budget.InFlight);
    }

    [Fact]
    public async Task RunAsync_MirrorNeverAnswers_EndsAtItsTimeout()
    {
        MirrorRequest request = Make(new MirrorBackend(NeverAsync), null, TimeSpan.FromMilliseconds(1));
        await request.RunAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, _owner.Counters.Failed);
        Assert.Equal(0, _owner.Budget.InFlight);
    }

    [Fact]
    public async Task RunAsync_ProxyGoes_CopyIsCut()
    {
        MirrorRequest request = Make(new MirrorBackend(NeverAsync), null, Patience * 10);
        Task running = request.RunAsync();
        Assert.False(running.IsCompleted);
        _owner.Dispose();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, _owner.Counters.Failed);
    }

    [Fact]
    public async Task BodyPiece_MirrorDoesNotRead_CopyIsDroppedAndCounted()
    {
        MirrorRequest request = Make(new MirrorBackend(NeverAsync), new MirrorBody(_owner.Budget, maxBytes: 4), Patience * 10);
        Task running = request.RunAsync();
        request.BodyPiece(new byte[5]);
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, _owner.Counters.DroppedTooSlow);
        Assert.Equal(0, _owner.Counters.Failed);
    }

    [Fact]
    public async Task Read_BodyWithLength_MirrorGetsItWithoutTheEndBeingRead()
    {
        var received = new MemoryStream();
        MirrorRequest request = Make(Receiving(received), new MirrorBody(_owner.Budget, maxBytes: 100), Patience * 10);
        using var main = new MirroredRequestBody(new MemoryStream([1, 2, 3]), length: 3, [request]);
        Task running = request.RunAsync();
        Assert.Equal(0, await main.ReadAsync(Memory<byte>.Empty, TestContext.Current.CancellationToken));
        byte[] buffer = new byte[3];
        Assert.Equal(3, await main.ReadAsync(buffer, TestContext.Current.CancellationToken));
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3], received.ToArray());
        Assert.Equal(1, _owner.Counters.Completed);
    }

    [Fact]
    public async Task Dispose_MainRequestEndsBeforeItsBody_CopyIsCut()
    {
        MirrorRequest request = Make(Receiving(new MemoryStream()), new MirrorBody(_owner.Budget, maxBytes: 100), Patience * 10);
        var main = new MirroredRequestBody(new MemoryStream([1, 2, 3]), length: null, [request]);
        Task running = request.RunAsync();
        byte[] buffer = new byte[2];
        Assert.Equal(2, await main.ReadAsync(buffer, TestContext.Current.CancellationToken));
        main.Dispose();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, _owner.Counters.Failed);
        Assert.Equal(0, _owner.Budget.BufferedBytes);
    }

    private static async Task<HttpResponseMessage> NeverAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        return new HttpResponseMessage();
    }

    private static MirrorBackend Receiving(Stream target) => new(async (request, cancellation) =>
    {
        await request.Content!.CopyToAsync(target, cancellation);
        return new HttpResponseMessage();
    });

    private MirrorRequest Make(MirrorBackend backend, MirrorBody? body, TimeSpan timeout)
    {
        Assert.True(_owner.Budget.TryEnter());
        var message = new HttpRequestMessage(HttpMethod.Post, "http://mirror.test/") { Content = body is null ? null : new MirrorContent(body) };
        return new MirrorRequest(_owner, new PoolLease(new HttpMessageInvoker(backend), null, null, null), message, body, timeout, endpoint: null);
    }
}
