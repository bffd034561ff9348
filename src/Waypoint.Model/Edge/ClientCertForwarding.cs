namespace Waypoint.Model.Edge;

/// <summary>What becomes of <c>x-forwarded-client-cert</c> (<c>HttpConnectionManager.ForwardClientCertDetails</c>).</summary>
public enum ClientCertForwarding
{
    /// <summary>Removed.</summary>
    Sanitize,

    /// <summary>Kept if the client has shown a certificate on this connection.</summary>
    ForwardOnly,

    /// <summary>The client's certificate is added to what came.</summary>
    AppendForward,

    /// <summary>The client's certificate replaces what came.</summary>
    SanitizeSet,

    /// <summary>Kept from everybody.</summary>
    AlwaysForwardOnly,
}
