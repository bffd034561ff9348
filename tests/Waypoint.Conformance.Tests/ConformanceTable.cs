using System.Text.Json;

namespace Waypoint.Conformance.Tests;

/// <summary>One file of cases of one set.</summary>
internal sealed class ConformanceTable
{
    private readonly JsonElement _root;
    private readonly Dictionary<string, JsonElement> _cases = new(StringComparer.Ordinal);

    private ConformanceTable(JsonElement root)
    {
        _root = root;
        Set = root.GetProperty("set").GetString()!;
        foreach (var item in root.GetProperty("cases").EnumerateArray())
            _cases.Add(item.GetProperty("id").GetString()!, item);
    }

    /// <summary>Which runner it is for.</summary>
    internal string Set { get; }

    /// <summary>Identifiers of its cases.</summary>
    internal IReadOnlyCollection<string> Ids => _cases.Keys;

    internal static ConformanceTable Read(string file)
    {
        using var stream = File.OpenRead(file);
        using var document = JsonDocument.Parse(stream);
        return new ConformanceTable(document.RootElement.Clone());
    }

    internal JsonElement Case(string id) => _cases[id];

    /// <summary>An entry of <c>configs</c>.</summary>
    internal JsonElement Config(string name) => _root.GetProperty("configs").GetProperty(name);

    /// <summary>An entry of a table of texts, such as <c>tokens</c>.</summary>
    internal string Text(string texts, string name) => _root.GetProperty(texts).GetProperty(name).GetString()!;
}
