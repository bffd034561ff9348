namespace Waypoint.Model.Identity;

/// <summary>Which identities the peer of an outgoing connection may present. Immutable; equal when they accept the same identities, so that it can be part of a pool key.
/// An empty set accepts nobody.</summary>
public sealed class ExpectedPeer : IEquatable<ExpectedPeer>
{
    private enum Kind
    {
        Identities,
        TrustDomains,
        Anybody,
    }

    private readonly Kind _kind;
    private readonly string[] _sorted;
    private readonly int _hash;

    private ExpectedPeer(Kind kind, IEnumerable<string> values)
    {
        _kind = kind;
        _sorted = [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var hash = new HashCode();
        hash.Add(kind);
        foreach (string value in _sorted)
            hash.Add(value, StringComparer.Ordinal);
        _hash = hash.ToHashCode();
    }

    /// <summary>Accepts every verified identity. Only for a mesh whose trust-domain validation is switched off.</summary>
    public static ExpectedPeer Anybody { get; } = new(Kind.Anybody, []);

    /// <summary>Accepts exactly these identities.</summary>
    public static ExpectedPeer Exactly(params IEnumerable<SpiffeId> identities) => new(Kind.Identities, identities.Select(static id => id.Uri));

    /// <summary>Accepts every identity of these trust domains: for an endpoint whose workload is not known.</summary>
    public static ExpectedPeer InTrustDomains(params IEnumerable<string> trustDomains) => new(Kind.TrustDomains, trustDomains);

    /// <summary>True if a peer that has proven <paramref name="identity"/> is the expected one.</summary>
    public bool Accepts(SpiffeId identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return _kind switch
        {
            Kind.Anybody => true,
            Kind.TrustDomains => Array.BinarySearch(_sorted, identity.TrustDomain, StringComparer.Ordinal) >= 0,
            _ => Array.BinarySearch(_sorted, identity.Uri, StringComparer.Ordinal) >= 0,
        };
    }

    /// <inheritdoc/>
    public bool Equals(ExpectedPeer? other) =>
        other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && _kind == other._kind && _sorted.AsSpan().SequenceEqual(other._sorted)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ExpectedPeer);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>For logs: what is accepted.</summary>
    public override string ToString() => _kind switch
    {
        Kind.Anybody => "any identity",
        Kind.TrustDomains => $"any identity of trust domain [{string.Join(", ", _sorted)}]",
        _ => $"one of [{string.Join(", ", _sorted)}]",
    };
}
