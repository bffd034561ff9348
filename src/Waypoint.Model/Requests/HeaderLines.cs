using Waypoint.Model.Matching;

namespace Waypoint.Model.Requests;

/// <summary>Header lines in a list of their own, for what has no server behind it: explanations, mirrors, tests. Names are lowered when they are put in.</summary>
public readonly struct HeaderLines : IMutableHeaders
{
    private readonly List<KeyValuePair<string, string>> _lines;

    /// <summary>No lines.</summary>
    public HeaderLines() => _lines = [];

    /// <summary>The lines in their order; repeated names are lines of their own.</summary>
    public HeaderLines(IEnumerable<KeyValuePair<string, string>> lines)
        : this()
    {
        foreach (var line in lines)
            Append(line.Key, line.Value);
    }

    /// <summary>The lines in their present order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Lines => _lines;

    /// <inheritdoc/>
    public int Count(string name)
    {
        var count = 0;
        foreach (var line in _lines)
        {
            if (line.Key == name)
                count++;
        }

        return count;
    }

    /// <inheritdoc/>
    public string Get(string name, int index)
    {
        foreach (var line in _lines)
        {
            if (line.Key == name && index-- == 0)
                return line.Value;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    /// <inheritdoc/>
    public void Set(string name, string value)
    {
        var at = _lines.FindIndex(line => line.Key == name);
        if (at < 0)
        {
            Append(name, value);
            return;
        }

        _lines[at] = new(name, value);
        for (var i = _lines.Count - 1; i > at; i--)
        {
            if (_lines[i].Key == name)
                _lines.RemoveAt(i);
        }
    }

    /// <inheritdoc/>
    public void Append(string name, string value)
    {
        // Lower case is what matchers ask for.
#pragma warning disable CA1308
        _lines.Add(new(name.ToLowerInvariant(), value));
#pragma warning restore CA1308
    }

    /// <inheritdoc/>
    public void Remove(string name) => _lines.RemoveAll(line => line.Key == name);

    /// <inheritdoc/>
    public void RemoveMatching(StringMatcher name) => _lines.RemoveAll(line => line.Key[0] != ':' && name.Matches(line.Key));
}
