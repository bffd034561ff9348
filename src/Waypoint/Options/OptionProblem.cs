namespace Waypoint.Options;

/// <summary>Why the program cannot start with what it was given: what, where, the value, what is accepted, what to do.</summary>
/// <param name="Where">The option, variable or file.</param>
/// <param name="Value">What was found there; null when nothing was.</param>
/// <param name="Accepted">What may stand there.</param>
/// <param name="Advice">What the user can do about it; may be empty.</param>
internal sealed record OptionProblem(string Where, string? Value, string Accepted, string Advice)
{
    public override string ToString()
    {
        var found = Value is null ? "is missing" : $"is '{Value}'";
        var advice = Advice.Length == 0 ? "" : $" {Advice}";
        return $"{Where} {found}; accepted: {Accepted}.{advice}";
    }
}
