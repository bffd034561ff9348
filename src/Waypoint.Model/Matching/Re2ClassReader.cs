using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Waypoint.Model.Matching;

/// <summary>Reads bracketed classes and escaped characters of a pattern in RE2's syntax.</summary>
internal sealed class Re2ClassReader(string source, int position)
{
    private const int MaxCodePoint = 0x10FFFF;

    /// <summary>Behind what was read.</summary>
    internal int Position { get; private set; } = position;

    /// <summary>Reads a class from its opening bracket on.</summary>
    internal bool TryRead([NotNullWhen(true)] out Re2CharacterClass? result, [NotNullWhen(false)] out string? problem)
    {
        result = new Re2CharacterClass();
        Position++;
        if (Next() == '^')
        {
            result.IsNegated = true;
            Position++;
        }

        // A closing bracket in first place is an ordinary character.
        for (var first = true; Next() is not null; first = false)
        {
            if (Next() == ']' && !first)
            {
                Position++;
                problem = null;
                return true;
            }

            if (!TryReadItem(result, out problem))
            {
                result = null;
                return false;
            }
        }

        problem = "missing ]";
        result = null;
        return false;
    }

    /// <summary>Reads an escape from its backslash on: a class of characters, or (with a null class) one character.</summary>
    internal bool TryReadEscape(out Re2CharacterClass? result, out int codePoint, [NotNullWhen(false)] out string? problem)
    {
        var set = new Re2CharacterClass();
        codePoint = 0;
        result = null;
        if (!TryReadSet(set, out var isSet, out problem))
            return false;
        if (isSet)
        {
            result = set;
            return true;
        }

        return TryReadEscapedCharacter(out codePoint, out problem);
    }

    private char? Next(int ahead = 0) => Position + ahead < source.Length ? source[Position + ahead] : null;

    private bool TryReadItem(Re2CharacterClass result, [NotNullWhen(false)] out string? problem)
    {
        if (source.AsSpan(Position).StartsWith("[:") && source.IndexOf(":]", Position + 2, StringComparison.Ordinal) is >= 0 and var end)
            return TryReadPosix(result, end, out problem);
        if (!TryReadSet(result, out var isSet, out problem))
            return false;
        if (isSet)
            return true;
        if (!TryReadCharacter(out var low, out problem))
            return false;

        var high = low;
        if (Next() == '-' && Next(1) is not (']' or null))
        {
            Position++;
            if (!TryReadCharacter(out high, out problem))
                return false;
            if (high < low)
            {
                problem = "bad character class range";
                return false;
            }
        }

        result.Add(low, high);
        return true;
    }

    private bool TryReadPosix(Re2CharacterClass result, int end, [NotNullWhen(false)] out string? problem)
    {
        var name = source[(Position + 2)..end];
        var negated = name.StartsWith('^');
        var ranges = Re2Tables.PosixClass(negated ? name[1..] : name);
        if (ranges.IsEmpty)
        {
            problem = $"invalid character class range: [:{name}:]";
            return false;
        }

        result.Add(ranges, negated);
        Position = end + 2;
        problem = null;
        return true;
    }

    /// <summary>Reads <c>\d</c> and its like or a Unicode category, if one stands here.</summary>
    private bool TryReadSet(Re2CharacterClass result, out bool isSet, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        isSet = false;
        if (Next() != '\\' || Next(1) is not { } letter)
            return true;
        var ranges = Re2Tables.PerlClass(char.ToLowerInvariant(letter));
        if (!ranges.IsEmpty)
        {
            isSet = true;
            result.Add(ranges, char.IsAsciiLetterUpper(letter));
            Position += 2;
            return true;
        }

        if (letter is not ('p' or 'P'))
            return true;
        isSet = true;
        return TryReadCategory(result, letter == 'P', out problem);
    }

    private bool TryReadCategory(Re2CharacterClass result, bool negated, [NotNullWhen(false)] out string? problem)
    {
        var name = "";
        var length = 3;
        if (Next(2) == '{')
        {
            var end = source.IndexOf('}', Position);
            if (end >= 0)
            {
                name = source[(Position + 3)..end];
                length = end + 1 - Position;
            }
        }
        else if (Next(2) is { } letter)
        {
            name = letter.ToString();
        }

        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        if (!Re2Tables.IsCategory(name))
        {
            problem = $"invalid or unsupported character class: \\p{{{name}}} (Unicode scripts are not supported)";
            return false;
        }

        result.AddCategory(name, negated);
        Position += length;
        problem = null;
        return true;
    }

    private bool TryReadCharacter(out int codePoint, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (Next() == '\\')
            return TryReadEscapedCharacter(out codePoint, out problem);
        if (Next() is null)
        {
            codePoint = 0;
            problem = "missing ]";
            return false;
        }

        codePoint = Rune.TryGetRuneAt(source, Position, out var rune) ? rune.Value : source[Position];
        Position += codePoint > char.MaxValue ? 2 : 1;
        return true;
    }

    private bool TryReadEscapedCharacter(out int codePoint, [NotNullWhen(false)] out string? problem)
    {
        codePoint = 0;
        problem = null;
        if (Next(1) is not { } c)
        {
            problem = "trailing backslash";
            return false;
        }

        if (c == 'x')
            return TryReadHex(out codePoint, out problem);
        if (c is >= '0' and <= '7' && (c == '0' || Next(2) is >= '0' and <= '7'))
        {
            ReadOctal(out codePoint);
            return true;
        }

        codePoint = c switch
        {
            'a' => '\a',
            'f' => '\f',
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'v' => '\v',
            _ when c < 0x80 && !char.IsAsciiLetterOrDigit(c) => c,
            _ => -1,
        };
        if (codePoint < 0)
        {
            problem = $"invalid or unsupported escape sequence: \\{c}";
            return false;
        }

        Position += 2;
        return true;
    }

    private void ReadOctal(out int codePoint)
    {
        codePoint = 0;
        Position++;
        for (var digits = 0; digits < 3 && Next() is >= '0' and <= '7'; digits++)
            codePoint = codePoint * 8 + (source[Position++] - '0');
    }

    private bool TryReadHex(out int codePoint, [NotNullWhen(false)] out string? problem)
    {
        var start = Position + 2;
        var end = start + 2;
        var length = 4;
        if (Next(2) == '{')
        {
            start++;
            end = source.IndexOf('}', start);
            length = end + 1 - Position;
        }

        codePoint = 0;
        problem = null;
        if (end < 0 || end > source.Length
            || !int.TryParse(source.AsSpan(start..end), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out codePoint)
            || codePoint is < 0 or > MaxCodePoint)
        {
            problem = "invalid escape sequence: \\x";
            return false;
        }

        Position += length;
        return true;
    }
}
