using System.Net.Sockets;
using Waypoint.Model.Failures;
using Waypoint.Proxy.Wire;

namespace Waypoint.Proxy.Upstream;

/// <summary>Finds the reason behind the exception of a failed attempt. One place, because four layers (tunnel, socket, HTTP client, forwarder) each wrap it.</summary>
internal static class AttemptFailure
{
    /// <summary>The reason; <paramref name="detail"/> is the text for UPSTREAM_TRANSPORT_FAILURE_REASON when the connection never stood.</summary>
    public static FailureReason Classify(Exception? exception, out string? detail)
    {
        detail = null;
        FailureReason found = FailureReason.UpstreamClosed;
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            switch (current)
            {
                case UpstreamConnectException connect:
                    detail = connect.Message;
                    return connect.Reason;
                case WireFaultException:
                    return FailureReason.UpstreamProtocolError;
                case HttpProtocolException protocol:
                    return protocol.ErrorCode == Http2UpstreamStream.RefusedStreamCode ? FailureReason.UpstreamRefusedStream : FailureReason.UpstreamReset;
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }:
                case HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }:
                    found = FailureReason.UpstreamProtocolError;
                    break;
                case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }:
                    found = FailureReason.ConnectFailure;
                    break;
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable } refused:
                    detail = refused.Message;
                    return FailureReason.ConnectFailure;
            }
        }

        return found;
    }
}
