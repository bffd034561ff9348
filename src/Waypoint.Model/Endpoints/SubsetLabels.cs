using System.Text;

namespace Waypoint.Model.Endpoints;

/// <summary>The <c>envoy.lb</c> metadata by which subsets are told apart: of an endpoint, or as a route asks for it. Values are canonical JSON, so that the number 1 is not the
/// text "1". Immutable; compares by value.</summary>
public sealed class SubsetLabels : IEquatable<SubsetLabels>
{
    private readonly KeyValuePair<string, string>[] _pairs;

    /// <summary>Sorts the pairs; names are different from each other.</summary>
    public SubsetLabels(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        _pairs = [.. pairs.OrderBy(static pair => pair.Key, StringComparer.Ordinal)];
        Names = NamesText(_pairs.Select(static pair => pair.Key));
        var text = new StringBuilder();
        foreach (KeyValuePair<string, string> pair in _pairs)
            text.Append(pair.Key).Append('\0').Append(pair.Value).Append('\0');
        Text = text.ToString();
    }

    /// <summary>No labels.</summary>
    public static SubsetLabels None { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count => _pairs.Length;

    /// <summary>All names, as one text: which selector is meant.</summary>
    internal string Names { get; }

    /// <summary>All names and values, as one text: which subset is meant.</summary>
    internal string Text { get; }

    /// <summary>The names of a selector in the form of <see cref="Names"/>.</summary>
    internal static string NamesText(IEnumerable<string> names) => string.Join('\0', names.Order(StringComparer.Ordinal));

    /// <summary>These labels and those of <paramref name="other"/>, whose values win.</summary>
    public SubsetLabels With(SubsetLabels other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count == 0)
            return this;
        return Count == 0 ? other : new SubsetLabels(other._pairs.Concat(_pairs.Where(pair => other.Find(pair.Key) is null)));
    }

    /// <summary>The labels with these names; null if one of them is not there.</summary>
    public SubsetLabels? Only(IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var kept = new List<KeyValuePair<string, string>>(names.Count);
        foreach (string name in names)
        {
            if (Find(name) is not { } value)
                return null;
            kept.Add(new(name, value));
        }

        return new SubsetLabels(kept);
    }

    /// <summary>True if all labels of <paramref name="wanted"/> are here.</summary>
    public bool Contains(SubsetLabels wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        foreach (KeyValuePair<string, string> pair in wanted._pairs)
        {
            if (Find(pair.Key) != pair.Value)
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(SubsetLabels? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SubsetLabels);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private string? Find(string name)
    {
        foreach (KeyValuePair<string, string> pair in _pairs)
        {
            if (pair.Key == name)
                return pair.Value;
        }

        return null;
    }
}
