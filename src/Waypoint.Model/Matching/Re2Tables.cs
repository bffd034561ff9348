using System.Buffers;
using System.Collections.Frozen;

namespace Waypoint.Model.Matching;

/// <summary>Names that RE2's syntax gives to sets of characters. All ranges are sorted and ASCII.</summary>
internal static class Re2Tables
{
    internal static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static readonly (char, char)[] Digit = [('0', '9')];
    private static readonly (char, char)[] Space = [('\t', '\n'), ('\f', '\r'), (' ', ' ')];
    private static readonly (char, char)[] Word = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

    private static readonly FrozenDictionary<string, (char, char)[]> Posix = new Dictionary<string, (char, char)[]>
    {
        ["alnum"] = [('0', '9'), ('A', 'Z'), ('a', 'z')],
        ["alpha"] = [('A', 'Z'), ('a', 'z')],
        ["ascii"] = [('\0', '\x7f')],
        ["blank"] = [('\t', '\t'), (' ', ' ')],
        ["cntrl"] = [('\0', '\x1f'), ('\x7f', '\x7f')],
        ["digit"] = Digit,
        ["graph"] = [('!', '~')],
        ["lower"] = [('a', 'z')],
        ["print"] = [(' ', '~')],
        ["punct"] = [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        ["space"] = [('\t', '\r'), (' ', ' ')],
        ["upper"] = [('A', 'Z')],
        ["word"] = Word,
        ["xdigit"] = [('0', '9'), ('A', 'F'), ('a', 'f')],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Categories = new[]
    {
        "Any", "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cs",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What stands between <c>[:</c> and <c>:]</c>; empty if RE2 does not know it.</summary>
    internal static ReadOnlySpan<(char Low, char High)> PosixClass(string name) => Posix.TryGetValue(name, out var ranges) ? ranges : default;

    /// <summary><c>\d</c>, <c>\s</c> and <c>\w</c>; empty for other letters.</summary>
    internal static ReadOnlySpan<(char Low, char High)> PerlClass(char letter) => letter switch
    {
        'd' => Digit,
        's' => Space,
        'w' => Word,
        _ => default,
    };

    internal static bool IsCategory(string name) => Categories.Contains(name);

    internal static Re2Flags Flag(char letter) => letter switch
    {
        'i' => Re2Flags.IgnoreCase,
        'm' => Re2Flags.MultiLine,
        's' => Re2Flags.DotMatchesNewline,
        'U' => Re2Flags.Ungreedy,
        _ => Re2Flags.None,
    };
}
