using System.Runtime.InteropServices;

namespace Waypoint.Hosting;

/// <summary>SIGTERM and SIGINT: the first begins the drain, a second one ends the process at once.</summary>
internal sealed class ShutdownSignal : IDisposable
{
    private readonly CancellationTokenSource _begun = new();
    private readonly PosixSignalRegistration[] _registrations;

    public ShutdownSignal() =>
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle), PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle)];

    /// <summary>Cancelled when the process was told to end.</summary>
    public CancellationToken Begun => _begun.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _begun.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // A second signal keeps its default meaning: the user does not want to wait.
        if (_begun.IsCancellationRequested)
            return;
        context.Cancel = true;
        _begun.Cancel();
    }
}
