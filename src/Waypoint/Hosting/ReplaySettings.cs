using System.Net;

namespace Waypoint.Hosting;

/// <summary>What <c>waypoint run --xds-dir</c> was asked for.</summary>
internal sealed record ReplaySettings
{
    /// <summary>The folder with <c>index.json</c> and the recorded responses.</summary>
    public required string Folder { get; init; }

    /// <summary>The last update step to replay; null for the first answers only.</summary>
    public string? Until { get; init; }

    /// <summary>Addresses to listen on with 15008; empty for all.</summary>
    public IReadOnlyList<IPAddress> Bind { get; init; } = [];

    /// <summary>Certificate chain, PEM.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>Its private key, PEM.</summary>
    public required string KeyFile { get; init; }

    /// <summary>Trust bundle, PEM.</summary>
    public required string RootsFile { get; init; }
}
