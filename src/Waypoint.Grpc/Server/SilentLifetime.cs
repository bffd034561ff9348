using Microsoft.Extensions.Hosting;

namespace Waypoint.Grpc.Server;

/// <summary>Keeps an embedded server from hooking the process's signals: only its owner stops it.</summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
