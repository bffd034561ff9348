using System.Collections.Frozen;

namespace Waypoint.Model.Requests;

/// <summary>Integers that override configured weights and percentages by runtime key (Envoy's runtime layers). istiod configures none on a waypoint. Immutable.</summary>
public sealed class RuntimeValues(IEnumerable<KeyValuePair<string, ulong>> values)
{
    private readonly FrozenDictionary<string, ulong> _values = values.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The value of <paramref name="key"/>, or null.</summary>
    public ulong? Find(string key) => _values.TryGetValue(key, out var value) ? value : null;
}
