namespace Waypoint.Model.Headers;

/// <summary>A piece of a <see cref="HeaderFormat"/>.</summary>
/// <param name="Literal">Text that is copied; null for an operator.</param>
/// <param name="Field">The operator.</param>
/// <param name="Argument">What stands in its parentheses; empty if nothing does.</param>
/// <param name="Alternative">Second header of <c>%REQ(first?second)%</c>, asked when the first is absent; null if there is none.</param>
/// <param name="MaxLength">Longest rendering in characters; 0: unlimited.</param>
public sealed record FormatSegment(string? Literal, FormatField Field = default, string Argument = "", string? Alternative = null, int MaxLength = 0);
