using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Waypoint.Model.Matching;

/// <summary>Reads a pattern in RE2's syntax and writes one of the same meaning in .NET's. Flags other than case folding are resolved here, so that the result
/// needs no options.</summary>
internal sealed class Re2Translator
{
    /// <summary>RE2's bound on a repetition count.</summary>
    private const int MaxRepeat = 1000;

    /// <summary>RE2's bound on nested parentheses.</summary>
    private const int MaxDepth = 1000;

    private readonly string _source;
    private readonly StringBuilder _output = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _position;
    private int _depth;
    private Re2Flags _flags;
    private string? _problem;

    private Re2Translator(string source) => _source = source;

    /// <summary>Translates the pattern, or says why it is not one.</summary>
    internal static bool TryTranslate(string source, [NotNullWhen(true)] out string? translated, [NotNullWhen(false)] out string? problem)
    {
        var translator = new Re2Translator(source);
        translator.Alternatives();
        if (translator._problem is null && translator._position < source.Length)
            translator.Fail("unexpected )");
        problem = translator._problem;
        translated = problem is null ? translator._output.ToString() : null;
        return problem is null;
    }

    private bool AtEnd => _position >= _source.Length || _problem is not null;

    /// <summary>Everything up to the closing parenthesis of the current group, or the end.</summary>
    private void Alternatives()
    {
        var hasOperand = false;
        while (!AtEnd && _source[_position] != ')')
        {
            switch (_source[_position])
            {
                case '|':
                    _position++;
                    _output.Append('|');
                    hasOperand = false;
                    break;
                case '*' or '+' or '?':
                    Repeat(_source.Substring(_position, 1), _source[_position].ToString(), 1, hasOperand);
                    hasOperand = false;
                    break;
                case '{' when TryReadCounts(out var counts, out var length):
                    Repeat(_source.Substring(_position, length), counts, length, hasOperand);
                    hasOperand = false;
                    break;
                default:
                    hasOperand = Operand(hasOperand);
                    break;
            }
        }
    }

    /// <summary>One thing that can be repeated. False if nothing that can be repeated resulted (flags for the rest of the group, an empty quotation).</summary>
    private bool Operand(bool hadOperand)
    {
        var c = _source[_position];
        switch (c)
        {
            case '(':
                return Group(hadOperand);
            case '[':
                CharacterClass();
                return true;
            case '.':
                _position++;
                _output.Append(_flags.HasFlag(Re2Flags.DotMatchesNewline) ? @"[\s\S]" : @"[^\n]");
                return true;
            case '^':
                _position++;
                _output.Append(_flags.HasFlag(Re2Flags.MultiLine) ? "(?m:^)" : @"\A");
                return true;
            case '$':
                _position++;
                _output.Append(_flags.HasFlag(Re2Flags.MultiLine) ? "(?m:$)" : @"\z");
                return true;
            case '\\':
                return Escape(hadOperand);
            default:
                Re2CharacterClass.AppendLiteral(_output, NextCodePoint());
                return true;
        }
    }

    private bool Group(bool hadOperand)
    {
        if (++_depth > MaxDepth)
            return Fail("nested too deeply");
        var outerFlags = _flags;
        if (!Opening(out var isFlagsOnly))
            return false;
        if (isFlagsOnly)
        {
            _depth--;
            return hadOperand;
        }

        Alternatives();
        if (_problem is not null)
            return false;
        if (_position >= _source.Length)
            return Fail("missing )");
        _position++;
        _depth--;
        _flags = outerFlags;
        _output.Append(')');
        return true;
    }

    /// <summary>The opening of a group with its flags.</summary>
    private bool Opening(out bool isFlagsOnly)
    {
        isFlagsOnly = false;
        var rest = _source.AsSpan(_position);
        if (!rest.StartsWith("(?"))
        {
            _position++;
            _output.Append('(');
            return true;
        }

        if (rest.StartsWith("(?P<") || rest.StartsWith("(?<"))
            return NamedOpening(rest[2] == 'P' ? 4 : 3);
        return FlagsOpening(out isFlagsOnly);
    }

    /// <summary>A named group becomes an unnamed one: .NET would number named groups after all others, and only numbers are used.</summary>
    private bool NamedOpening(int skip)
    {
        var start = _position + skip;
        var end = _source.IndexOf('>', start);
        var name = end < 0 ? "" : _source[start..end];
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(Re2Tables.NameCharacters))
            return Fail("invalid named capture group");
        if (!_names.Add(name))
            return Fail($"duplicate capture group name: {name}");
        _position = end + 1;
        _output.Append('(');
        return true;
    }

    private bool FlagsOpening(out bool isFlagsOnly)
    {
        isFlagsOnly = false;
        var start = _position;
        var flags = _flags;
        var negative = false;
        var any = false;
        for (_position += 2; _position < _source.Length; _position++)
        {
            var c = _source[_position];
            var flag = Re2Tables.Flag(c);
            if (flag != Re2Flags.None)
            {
                flags = negative ? flags & ~flag : flags | flag;
                any = true;
            }
            else if (c == '-' && !negative)
            {
                negative = true;
                any = false;
            }
            else if (c is ':' or ')' && (any || !negative) && (c == ':' || any))
            {
                _position++;
                isFlagsOnly = c == ')';
                AppendCaseOption(flags, isFlagsOnly);
                _flags = flags;
                return true;
            }
            else
            {
                break;
            }
        }

        _position = start;
        return Fail("invalid or unsupported group syntax");
    }

    private void AppendCaseOption(Re2Flags flags, bool isFlagsOnly)
    {
        var folds = flags.HasFlag(Re2Flags.IgnoreCase);
        if (folds == _flags.HasFlag(Re2Flags.IgnoreCase))
            _output.Append(isFlagsOnly ? "" : "(?:");
        else
            _output.Append(folds ? "(?i" : "(?-i").Append(isFlagsOnly ? ')' : ':');
    }

    private void Repeat(string token, string counts, int length, bool hasOperand)
    {
        if (!hasOperand)
        {
            Fail($"no argument for repetition operator: {token}");
            return;
        }

        _position += length;
        var lazy = _flags.HasFlag(Re2Flags.Ungreedy);
        if (_position < _source.Length && _source[_position] == '?')
        {
            _position++;
            lazy = !lazy;
        }

        // RE2 refuses a** and a*+, which .NET would refuse or take for something else.
        if (_position < _source.Length && (_source[_position] is '*' or '+' or '?' || _source[_position] == '{' && TryReadCounts(out _, out _)))
        {
            Fail("bad repetition operator");
            return;
        }

        _output.Append(counts);
        if (lazy)
            _output.Append('?');
    }

    /// <summary><c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c> at the current position; other braces are ordinary characters.</summary>
    private bool TryReadCounts(out string counts, out int length)
    {
        counts = "";
        length = 0;
        var end = _source.IndexOf('}', _position);
        if (end < 0)
            return false;
        var body = _source.AsSpan((_position + 1)..end);
        var comma = body.IndexOf(',');
        var low = comma < 0 ? body : body[..comma];
        var high = comma < 0 ? default : body[(comma + 1)..];
        if (low.IsEmpty || low.ContainsAnyExceptInRange('0', '9') || high.ContainsAnyExceptInRange('0', '9'))
            return false;

        length = end + 1 - _position;
        counts = $"{{{body}}}";
        if (!IsCount(low, out var min) || !high.IsEmpty && (!IsCount(high, out var max) || max < min))
            Fail($"invalid repetition size: {{{body}}}");
        return true;
    }

    private static bool IsCount(ReadOnlySpan<char> text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= MaxRepeat;

    private void CharacterClass()
    {
        var reader = new Re2ClassReader(_source, _position);
        if (reader.TryRead(out var result, out var problem))
        {
            _position = reader.Position;
            result.AppendTo(_output);
        }
        else
        {
            Fail(problem);
        }
    }

    private bool Escape(bool hadOperand)
    {
        if (_position + 1 >= _source.Length)
            return Fail("trailing backslash");
        switch (_source[_position + 1])
        {
            case 'A':
                return Simple(@"\A");
            case 'z':
                return Simple(@"\z");
            case 'b':
                return Simple(@"\b");
            case 'B':
                return Simple(@"\B");
            case 'Q':
                return Quotation() || hadOperand;
        }

        var reader = new Re2ClassReader(_source, _position);
        if (!reader.TryReadEscape(out var result, out var codePoint, out var problem))
            return Fail(problem);
        _position = reader.Position;
        if (result is not null)
            result.AppendTo(_output);
        else
            Re2CharacterClass.AppendLiteral(_output, codePoint);
        return true;
    }

    private bool Simple(string text)
    {
        _position += 2;
        _output.Append(text);
        return true;
    }

    /// <summary><c>\Q...\E</c>: ordinary characters up to the end mark or the end of the pattern. False if there are none.</summary>
    private bool Quotation()
    {
        _position += 2;
        var end = _source.IndexOf(@"\E", _position, StringComparison.Ordinal);
        var stop = end < 0 ? _source.Length : end;
        var any = _position < stop;
        while (_position < stop)
            Re2CharacterClass.AppendLiteral(_output, NextCodePoint());
        if (end >= 0)
            _position += 2;
        return any;
    }

    private int NextCodePoint()
    {
        if (!Rune.TryGetRuneAt(_source, _position, out var rune))
            return _source[_position++];
        _position += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private bool Fail(string problem)
    {
        _problem ??= string.Create(CultureInfo.InvariantCulture, $"{problem} (at {_position})");
        return false;
    }
}
