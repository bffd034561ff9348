using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Waypoint.Model.Identity;

/// <summary>The identity of a workload: <c>spiffe://trust-domain/ns/namespace/sa/service-account</c>. Immutable; equality is exact equality of the three parts.</summary>
public sealed class SpiffeId : IEquatable<SpiffeId>
{
    /// <summary>Longest accepted text, in characters (the limit of the SPIFFE standard).</summary>
    public const int MaxLength = 2048;

    private const string Scheme = "spiffe://";

    // Neither percent-encoding nor anything else that two parsers could read in two ways.
    private static readonly SearchValues<char> TrustDomainChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");
    private static readonly SearchValues<char> SegmentChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    private SpiffeId(string trustDomain, string @namespace, string serviceAccount)
    {
        TrustDomain = trustDomain;
        Namespace = @namespace;
        ServiceAccount = serviceAccount;
        Uri = $"{Scheme}{trustDomain}/ns/{@namespace}/sa/{serviceAccount}";
        Principal = Uri[Scheme.Length..];
    }

    /// <summary>Trust domain, lower case, such as <c>cluster.local</c>.</summary>
    public string TrustDomain { get; }

    /// <summary>Kubernetes namespace.</summary>
    public string Namespace { get; }

    /// <summary>Kubernetes service account.</summary>
    public string ServiceAccount { get; }

    /// <summary>The whole text, with scheme.</summary>
    public string Uri { get; }

    /// <summary>The text without the scheme, as authorization policies write it.</summary>
    public string Principal { get; }

    /// <summary>Reads an identity. Strict: exact scheme, five segments with <c>ns</c> and <c>sa</c> in their places, no empty, <c>.</c> or <c>..</c> segment,
    /// no percent-encoding, lower-case trust domain, at most <see cref="MaxLength"/> characters.</summary>
    public static bool TryParse(string? uri, [NotNullWhen(true)] out SpiffeId? id)
    {
        id = null;
        if (uri is null || uri.Length > MaxLength || !uri.StartsWith(Scheme, StringComparison.Ordinal))
            return false;
        ReadOnlySpan<char> rest = uri.AsSpan(Scheme.Length);
        Span<Range> parts = stackalloc Range[6];
        if (rest.Split(parts, '/') != 5 || rest[parts[1]] is not "ns" || rest[parts[3]] is not "sa")
            return false;
        if (!IsSegment(rest[parts[0]], TrustDomainChars) || !IsSegment(rest[parts[2]], SegmentChars) || !IsSegment(rest[parts[4]], SegmentChars))
            return false;
        id = new SpiffeId(rest[parts[0]].ToString(), rest[parts[2]].ToString(), rest[parts[4]].ToString());
        return true;
    }

    /// <summary>The identity of a workload by its parts, or null if a part is empty or has a character that no identity may have.</summary>
    public static SpiffeId? Create(string trustDomain, string @namespace, string serviceAccount) =>
        IsSegment(trustDomain, TrustDomainChars) && IsSegment(@namespace, SegmentChars) && IsSegment(serviceAccount, SegmentChars)
        && Scheme.Length + trustDomain.Length + @namespace.Length + serviceAccount.Length + 8 <= MaxLength
            ? new SpiffeId(trustDomain, @namespace, serviceAccount)
            : null;

    /// <inheritdoc/>
    public bool Equals(SpiffeId? other) => other is not null && (ReferenceEquals(this, other) || Uri == other.Uri);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SpiffeId);

    /// <inheritdoc/>
    public override int GetHashCode() => Uri.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Uri;

    private static bool IsSegment(ReadOnlySpan<char> text, SearchValues<char> allowed) =>
        !text.IsEmpty && text is not "." and not ".." && !text.ContainsAnyExcept(allowed);
}
