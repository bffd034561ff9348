namespace Waypoint.Model.Formatting;

/// <summary>What an operator means.</summary>
/// <param name="Field">What it asks for.</param>
/// <param name="Kind">How the answer is written.</param>
/// <param name="Argument">What stands in its parentheses.</param>
/// <param name="TakesLength">Whether a length may follow.</param>
internal readonly record struct FormatOperator(FormatField Field, FormatKind Kind, FormatArgument Argument, bool TakesLength);
