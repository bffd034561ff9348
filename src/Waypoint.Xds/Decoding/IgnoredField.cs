namespace Waypoint.Xds.Decoding;

/// <summary>A field that was sent and has no effect here. Listed once, never a reason to refuse: it changes neither security nor routing.</summary>
/// <param name="FieldPath">Path of the field below its message, without list positions, such as <c>route.priority</c>.</param>
/// <param name="Reason">Why it has no effect.</param>
public sealed record IgnoredField(string FieldPath, string Reason);
