using System.Buffers;
using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Paths;

/// <summary>Normalizes <c>:path</c> once, before routing and authorization, so that both decide over the same text that the upstream will see. The order is the
/// connection manager's: fragment, escaped slashes, canonical form, repeated slashes. Only the part before <c>?</c> is touched. Pure; a path that is normal
/// already, which nearly all are, costs a vectorized scan and no allocation.</summary>
public static class PathNormalizer
{
    /// <summary>Longest path worked on in stack memory, in characters.</summary>
    private const int StackCharacters = 512;

    /// <summary>Characters that stay as they are wherever they stand, in every step but the merging of slashes.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-_~!$&'()*+,:;=@[]");

    /// <summary>Applies the settings to a path with or without query.</summary>
    public static PathNormalizationResult Normalize(string path, in PathNormalizationSettings settings)
    {
        ReadOnlySpan<char> text = path;
        int end = text.IndexOfAny('?', '#');
        int queryEnd = path.Length;
        if (end >= 0 && text[end..].IndexOf('#') is >= 0 and int fragment)
        {
            if (!settings.StripFragment)
                return new PathNormalizationResult(PathNormalizationAction.Reject, path);
            queryEnd = end + fragment;
        }

        int pathEnd = end < 0 ? path.Length : end;
        if (queryEnd == path.Length && IsNormal(text[..pathEnd]))
            return new PathNormalizationResult(PathNormalizationAction.Continue, path);
        return Rewrite(path, pathEnd, queryEnd, in settings);
    }

    private static bool IsNormal(ReadOnlySpan<char> path)
        => path.Length > 0 && path[0] == '/' && !path.ContainsAnyExcept(Plain) && !path.Contains("//", StringComparison.Ordinal);

    private static PathNormalizationResult Rewrite(string original, int pathEnd, int queryEnd, in PathNormalizationSettings settings)
    {
        ReadOnlySpan<char> path = original.AsSpan(0, pathEnd);
        // One character becomes at most one escape, and beyond ASCII at most three; one slash may come in front.
        int capacity = 1 + path.Length * (System.Text.Ascii.IsValid(path) ? 3 : 9);
        char[]? rented = capacity > StackCharacters ? ArrayPool<char>.Shared.Rent(2 * capacity) : null;
        try
        {
            Span<char> room = rented ?? stackalloc char[2 * capacity];
            return Rewrite(original, pathEnd, queryEnd, in settings, room[..capacity], room[capacity..]);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static PathNormalizationResult Rewrite(
        string original, int pathEnd, int queryEnd, in PathNormalizationSettings settings, Span<char> first, Span<char> second)
    {
        var action = PathNormalizationAction.Continue;
        Span<char> current = first[..pathEnd];
        original.AsSpan(0, pathEnd).CopyTo(current);
        if (settings.EscapedSlashes != EscapedSlashesAction.KeepUnchanged && TryUnescapeSlashes(current, out int unescaped))
        {
            if (settings.EscapedSlashes == EscapedSlashesAction.RejectRequest)
                return new PathNormalizationResult(PathNormalizationAction.Reject, original);
            if (settings.EscapedSlashes == EscapedSlashesAction.UnescapeAndRedirect)
                action = PathNormalizationAction.Redirect;
            current = current[..unescaped];
        }

        if (settings.Canonicalize)
        {
            if (!PathCanonicalizer.TryCanonicalize(current, second, out int canonical))
                return new PathNormalizationResult(PathNormalizationAction.Reject, original);
            current = second[..canonical];
        }

        if (settings.MergeSlashes)
            current = current[..MergeSlashes(current)];

        bool unchanged = queryEnd == original.Length && current.SequenceEqual(original.AsSpan(0, pathEnd));
        string result = unchanged ? original : string.Concat(current, original.AsSpan(pathEnd, queryEnd - pathEnd));
        return new PathNormalizationResult(action, result);
    }

    private static bool TryUnescapeSlashes(Span<char> path, out int length)
    {
        length = 0;
        bool found = false;
        for (int i = 0; i < path.Length; i++)
        {
            char c = path[i];
            if (c == '%' && i + 2 < path.Length && Slash(path[i + 1], path[i + 2]) is { } slash)
            {
                c = slash;
                i += 2;
                found = true;
            }

            path[length++] = c;
        }

        return found;
    }

    private static char? Slash(char high, char low) => (high, low) switch
    {
        ('2', 'f' or 'F') => '/',
        ('5', 'c' or 'C') => '\\',
        _ => null,
    };

    private static int MergeSlashes(Span<char> path)
    {
        int length = 0;
        foreach (char c in path)
        {
            if (c == '/' && length > 0 && path[length - 1] == '/')
                continue;
            path[length++] = c;
        }

        return length;
    }
}
