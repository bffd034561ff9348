namespace Waypoint.Protos.Scanning;

/// <summary>What a scan found. Immutable.</summary>
public sealed class ScanReport
{
    /// <summary>Nothing unknown anywhere.</summary>
    public static ScanReport Clean { get; } = new([], truncated: false);

    internal ScanReport(IReadOnlyList<UndeclaredContent> findings, bool truncated)
    {
        Findings = findings;
        IsTruncated = truncated;
        foreach (UndeclaredContent finding in findings) DecidesSecurity |= finding.DecidesSecurity;
        // What was not listed may decide anything.
        DecidesSecurity |= truncated;
    }

    /// <summary>In wire order.</summary>
    public IReadOnlyList<UndeclaredContent> Findings { get; }

    /// <summary>True when there was more than the scan may list.</summary>
    public bool IsTruncated { get; }

    /// <summary>True when everything is declared.</summary>
    public bool IsClean => Findings.Count == 0;

    /// <summary>True when at least one finding lies in a message that decides security or routing: the resource must be refused.</summary>
    public bool DecidesSecurity { get; }

    /// <summary>The first finding at or below a path, or null. A decoder asks it for the part it is about to trust.</summary>
    /// <param name="path">As in <see cref="UndeclaredContent.Path"/>; empty means anywhere.</param>
    public UndeclaredContent? FirstUnder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        foreach (UndeclaredContent finding in Findings)
        {
            if (IsUnder(finding.Path, path)) return finding;
        }
        return null;
    }

    private static bool IsUnder(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal)
        && (path.Length == prefix.Length || prefix.Length == 0 || path[prefix.Length] is '.' or '[');
}
