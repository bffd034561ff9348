namespace Waypoint.Model.Matching;

/// <summary>Comparison without case as HTTP and Envoy mean it: only the letters A-Z fold, so that no byte beyond ASCII becomes equal to another.</summary>
internal static class AsciiCase
{
    internal static bool Equals(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.Length != right.Length)
            return false;
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && Fold(left[i]) != Fold(right[i]))
                return false;
        }

        return true;
    }

    internal static bool StartsWith(ReadOnlySpan<char> text, ReadOnlySpan<char> prefix) =>
        text.Length >= prefix.Length && Equals(text[..prefix.Length], prefix);

    internal static bool EndsWith(ReadOnlySpan<char> text, ReadOnlySpan<char> suffix) =>
        text.Length >= suffix.Length && Equals(text[^suffix.Length..], suffix);

    internal static bool Contains(ReadOnlySpan<char> text, ReadOnlySpan<char> part)
    {
        for (var i = 0; i + part.Length <= text.Length; i++)
        {
            if (Equals(text.Slice(i, part.Length), part))
                return true;
        }

        return false;
    }

    private static char Fold(char c) => c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : c;
}
