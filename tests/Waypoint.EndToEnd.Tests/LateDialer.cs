using System.Net;
using Waypoint.Hbone.Originate;

namespace Waypoint.EndToEnd.Tests;

/// <summary>Connects without a wait, as on loopback, but at the very moment when the time for it is over.</summary>
internal sealed class LateDialer : IHboneDialer
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the connection is closed.</summary>
    public Task Closed => _closed.Task;

    public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne();
        return new(new Connection(_closed));
    }

    private sealed class Connection(TaskCompletionSource closed) : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
            closed.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
