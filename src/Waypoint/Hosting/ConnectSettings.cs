using System.Net;

namespace Waypoint.Hosting;

/// <summary>What <c>waypoint connect</c> was asked for.</summary>
internal sealed record ConnectSettings
{
    /// <summary>Address of the service, the authority of the CONNECT.</summary>
    public required string To { get; init; }

    /// <summary>The local port.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>HBONE port of the waypoint.</summary>
    public required IPEndPoint Waypoint { get; init; }

    /// <summary>Certificate chain, PEM text.</summary>
    public required string CertificatePem { get; init; }

    /// <summary>Its private key, PEM text.</summary>
    public required string KeyPem { get; init; }

    /// <summary>Trust bundle, PEM text.</summary>
    public required string RootsPem { get; init; }
}
