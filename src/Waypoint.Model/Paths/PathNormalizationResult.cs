using System.Runtime.InteropServices;

namespace Waypoint.Model.Paths;

/// <summary>The outcome of <see cref="PathNormalizer.Normalize"/>.</summary>
/// <param name="Action">What becomes of the request.</param>
/// <param name="Path">Path and query for routing, authorization and the upstream, or the location of the redirect; the very object that was given if nothing changed.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PathNormalizationResult(PathNormalizationAction Action, string Path);
