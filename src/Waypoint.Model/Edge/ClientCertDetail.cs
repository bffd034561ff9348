namespace Waypoint.Model.Edge;

/// <summary>A part of the client's certificate that <c>x-forwarded-client-cert</c> tells (<c>HttpConnectionManager.SetCurrentClientCertDetails</c>).</summary>
public enum ClientCertDetail
{
    /// <summary><c>Subject</c>, quoted.</summary>
    Subject,

    /// <summary><c>Cert</c>: the certificate as PEM, percent-encoded.</summary>
    Cert,

    /// <summary><c>Chain</c>: the whole chain as PEM, percent-encoded.</summary>
    Chain,

    /// <summary><c>DNS</c>, one for each name.</summary>
    Dns,

    /// <summary><c>URI</c>, one for each; empty if there is none.</summary>
    Uri,
}
