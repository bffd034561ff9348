using Waypoint.Model.Matching;

namespace Waypoint.Model.Clusters;

/// <summary><c>SubjectAltNameMatcher</c>: one condition on the alternative names of a certificate. Immutable.</summary>
/// <param name="Kind">Names of this kind are looked at.</param>
/// <param name="Matcher">The condition.</param>
/// <param name="ExactText">The text of an <c>exact</c> condition, which a wildcard name of the certificate may stand for; null for the others.</param>
public sealed record SubjectNameMatcher(SubjectNameKind Kind, StringMatcher Matcher, string? ExactText)
{
    /// <summary>True if the certificate's name fits.</summary>
    /// <param name="kind">Kind of the certificate's name.</param>
    /// <param name="name">The name as text.</param>
    public bool Matches(SubjectNameKind kind, string name)
    {
        if (Kind != SubjectNameKind.Any && Kind != kind)
            return false;
        return kind == SubjectNameKind.Dns && ExactText is { } wanted ? CoversDnsName(name, wanted) : Matcher.Matches(name);
    }

    /// <summary>True if a certificate's DNS name stands for <paramref name="host"/>: the same without regard to case, or with a star for exactly the first label
    /// (RFC 6125, 6.4.3; never for a part of a label, and never for a whole top-level domain).</summary>
    public static bool CoversDnsName(string name, string host)
    {
        ReadOnlySpan<char> pattern = name.AsSpan().TrimEnd('.');
        ReadOnlySpan<char> text = host.AsSpan().TrimEnd('.');
        if (pattern.IsEmpty || text.IsEmpty)
            return false;
        if (!pattern.StartsWith("*."))
            return pattern.Equals(text, StringComparison.OrdinalIgnoreCase);
        int dot = text.IndexOf('.');
        return dot > 0 && pattern[2..].Contains('.') && pattern[1..].Equals(text[dot..], StringComparison.OrdinalIgnoreCase);
    }
}
