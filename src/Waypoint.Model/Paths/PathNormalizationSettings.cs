using System.Runtime.InteropServices;
using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Paths;

/// <summary>How a connection manager treats paths.</summary>
/// <param name="Canonicalize"><c>normalize_path</c>: dot segments are resolved, backslashes become slashes, escaped letters and digits are unescaped.</param>
/// <param name="MergeSlashes"><c>merge_slashes</c>.</param>
/// <param name="EscapedSlashes"><c>path_with_escaped_slashes_action</c>.</param>
/// <param name="StripFragment">False (what Envoy does by default) rejects a path with <c>#</c>; true cuts it off.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PathNormalizationSettings(bool Canonicalize, bool MergeSlashes, EscapedSlashesAction EscapedSlashes, bool StripFragment = false)
{
    /// <summary>The settings of a connection manager.</summary>
    public static PathNormalizationSettings Of(HttpConnectionConfig config) => new(config.NormalizePath, config.MergeSlashes, config.EscapedSlashes);
}
