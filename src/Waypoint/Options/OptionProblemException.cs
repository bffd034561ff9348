namespace Waypoint.Options;

/// <summary>The program was started with values that it cannot use. Caught once, in the command line layer, which prints every problem and exits with code 2.</summary>
internal sealed class OptionProblemException(IReadOnlyList<OptionProblem> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public OptionProblemException(string where, string? value, string accepted, string advice = "")
        : this([new OptionProblem(where, value, accepted, advice)])
    {
    }

    /// <summary>All of them, not only the first.</summary>
    public IReadOnlyList<OptionProblem> Problems { get; } = problems;
}
