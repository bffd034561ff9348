namespace Waypoint.Model.FilterChains;

/// <summary>The filter state of a tunnel that a matcher may ask for (<c>FilterStateInput.key</c>).</summary>
public enum TunnelState
{
    /// <summary><c>io.istio.connect_authority</c>: the authority of the CONNECT, as sent.</summary>
    ConnectAuthority,

    /// <summary><c>io.istio.source</c>: the header <c>x-istio-source</c> of the CONNECT.</summary>
    Source,
}
