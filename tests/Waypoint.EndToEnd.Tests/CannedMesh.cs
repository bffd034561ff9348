using Waypoint.Hbone.Tls;

namespace Waypoint.EndToEnd.Tests;

/// <summary>The mesh with a pod that costs nothing.</summary>
public sealed class CannedMesh : MeshInOneProcess
{
    private protected override Task<IAsyncDisposable> StartDestinationAsync(TlsIdentity identity, CancellationToken cancellation)
    {
        var destination = new CannedDestination(new TlsIdentitySource(identity));
        destination.Start();
        return Task.FromResult<IAsyncDisposable>(destination);
    }
}
