using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Waypoint.Model.Matching;

/// <summary>Compiles patterns in RE2's syntax for .NET's automaton engine, which like RE2 needs time linear in the input. The two syntaxes give some texts
/// different meanings, so the pattern is parsed and written anew; what has no equal is refused.</summary>
/// <remarks>Two differences stay: <c>\b</c> and <c>\B</c> take letters beyond ASCII for parts of words, and a character beyond the basic plane counts as two.</remarks>
public static class Re2Pattern
{
    /// <summary>Longest accepted source; Envoy's limit is on the compiled program, this keeps the translator itself bounded.</summary>
    private const int MaxSourceChars = 16 * 1024;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>Compiles <paramref name="source"/>, or says in <paramref name="problem"/> why it cannot be.</summary>
    /// <param name="source">The pattern, RE2 syntax.</param>
    /// <param name="wholeInput">True: it has to fit the whole input; false: some part of it.</param>
    /// <param name="pattern">The compiled pattern; capture groups are numbered as in the source, named or not.</param>
    /// <param name="problem">A clause without subject, such as <c>no argument for repetition operator: + (at 2)</c>.</param>
    public static bool TryCompile(string source, bool wholeInput, [NotNullWhen(true)] out Regex? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        if (source.Length > MaxSourceChars)
        {
            problem = $"longer than {MaxSourceChars} characters";
            return false;
        }

        if (!Re2Translator.TryTranslate(source, out var translated, out problem))
            return false;
        try
        {
            pattern = new Regex(wholeInput ? $@"\A(?:{translated})\z" : translated, Options);
            return true;
        }
        catch (NotSupportedException)
        {
            // The engine's own bound on the automaton.
            problem = "pattern too large";
            return false;
        }
        catch (ArgumentException exception)
        {
            problem = exception.Message;
            return false;
        }
    }
}
