using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace Waypoint.Model.Matching;

/// <summary>Reads a URI template and writes it as a pattern over the whole path, one capture group for each variable.</summary>
internal sealed class PathTemplateParser(string source)
{
    private const int MaxVariables = 5;
    private const int MaxNameChars = 16;

    /// <summary>What a segment may consist of; a slash in addition for <c>**</c>.</summary>
    private const string SegmentCharacters = @"a-zA-Z0-9\-._~%!$&'()+,;:@=";

    private static readonly SearchValues<char> LiteralCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%!$&'()+,;:@=");

    private readonly List<string> _variables = [];
    private readonly StringBuilder _pattern = new(@"\A");
    private int _position;
    private bool _afterTextGlob;
    private string? _problem;

    internal IReadOnlyList<string> Variables => _variables;

    internal bool TryParse([NotNullWhen(true)] out string? pattern, [NotNullWhen(false)] out string? problem)
    {
        if (source.Length == 0 || source[0] != '/')
            _problem = "does not begin with a slash";
        while (_problem is null && _position < source.Length)
        {
            // At a slash: every segment follows one.
            _pattern.Append('/');
            _position++;
            if (_position < source.Length)
                Segment(source.Length);
            else if (source.Length > 1)
                _problem = "ends with a slash";
        }

        problem = _problem;
        pattern = problem is null ? _pattern.Append(@"\z").ToString() : null;
        return problem is null;
    }

    /// <summary>One segment up to the next slash, or the end.</summary>
    private void Segment(int end)
    {
        switch (source[_position])
        {
            case '*':
                Glob(end);
                break;
            case '{':
                Variable();
                break;
            default:
                Literal(end);
                return;
        }

        // A glob or variable fills its segment; only at the very end may text follow, as in *.js.
        if (_problem is null && _position < end && source[_position] != '/')
        {
            Literal(end);
            if (_problem is null && _position < end)
                _problem = $"has text after a wildcard before its end (at {_position})";
        }
    }

    private void Glob(int end)
    {
        if (_afterTextGlob)
        {
            _problem = $"has a wildcard after ** (at {_position})";
            return;
        }

        var isText = _position + 1 < end && source[_position + 1] == '*';
        _afterTextGlob = isText;
        _position += isText ? 2 : 1;
        _pattern.Append(isText ? $"[{SegmentCharacters}/]*" : $"[{SegmentCharacters}]+");
    }

    private void Literal(int end)
    {
        var start = _position;
        while (_position < end && LiteralCharacters.Contains(source[_position]))
            _position++;
        if (_position == start || _position < end && source[_position] != '/')
            _problem = $"has an invalid character or an empty segment (at {_position})";
        else
            _pattern.Append(Regex.Escape(source[start.._position]));
    }

    private void Variable()
    {
        var close = source.IndexOf('}', _position);
        if (close < 0)
        {
            _problem = "lacks a closing brace";
            return;
        }

        var equals = source.IndexOf('=', _position, close - _position);
        var name = source[(_position + 1)..(equals < 0 ? close : equals)];
        if (!IsName(name))
            _problem = $"has the invalid variable name '{name}'";
        else if (_variables.Contains(name, StringComparer.Ordinal))
            _problem = $"has the variable '{name}' twice";
        else if (_variables.Count == MaxVariables)
            _problem = $"has more than {MaxVariables} variables";
        if (_problem is not null)
            return;

        _variables.Add(name);
        _pattern.Append('(');
        if (equals < 0)
            VariableGlob();
        else
            VariableSegments(equals + 1, close);
        _pattern.Append(')');
        _position = close + 1;
    }

    private void VariableGlob()
    {
        if (_afterTextGlob)
            _problem = $"has a wildcard after ** (at {_position})";
        else
            _pattern.Append($"[{SegmentCharacters}]+");
    }

    private void VariableSegments(int start, int end)
    {
        if (start == end)
        {
            _problem = $"has an empty variable pattern (at {start})";
            return;
        }

        _position = start;
        while (_problem is null)
        {
            if (_position >= end)
                _problem = $"has an empty segment (at {_position})";
            else if (source[_position] == '{')
                _problem = $"has a variable within a variable (at {_position})";
            else
                Segment(end);
            if (_problem is not null || _position >= end)
                return;
            _pattern.Append('/');
            _position++;
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameChars && char.IsAsciiLetter(name[0]) && !name.AsSpan().ContainsAnyExcept(Re2Tables.NameCharacters);
}
