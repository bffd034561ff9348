namespace Waypoint.Hbone.Terminate;

/// <summary>Decides about each CONNECT that reaches a <see cref="HboneListener"/>.</summary>
public interface IConnectHandler
{
    /// <summary>Called once per CONNECT with a valid authority, on the connection's read loop: must not block. Ends in <see cref="ConnectRequest.Accept"/> or
    /// <see cref="ConnectRequest.Reject"/>; the listener answers 503 if it throws or completes without either. The tunnel may outlive the call.</summary>
    /// <param name="request">The CONNECT.</param>
    /// <param name="cancellationToken">Client gone: cancelled when the stream or its connection ends before the answer.</param>
    ValueTask HandleAsync(ConnectRequest request, CancellationToken cancellationToken);
}
