namespace Waypoint.Model.Edge;

/// <summary>What both sides have shown on a connection with mutual TLS. Immutable.</summary>
public sealed record ClientCertificate
{
    /// <summary>URI names of our own certificate.</summary>
    public IReadOnlyList<string> LocalUris { get; init; } = [];

    /// <summary>SHA-256 of the client's certificate in hexadecimal; empty if unknown.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Subject of the client's certificate.</summary>
    public string Subject { get; init; } = "";

    /// <summary>URI names of the client's certificate.</summary>
    public IReadOnlyList<string> Uris { get; init; } = [];

    /// <summary>DNS names of the client's certificate.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>The client's certificate as percent-encoded PEM.</summary>
    public string Pem { get; init; } = "";

    /// <summary>The client's chain as percent-encoded PEM.</summary>
    public string ChainPem { get; init; } = "";
}
