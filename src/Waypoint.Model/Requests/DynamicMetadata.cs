using Waypoint.Model.Matching;

namespace Waypoint.Model.Requests;

/// <summary>The dynamic metadata of one request: a struct under each filter's name. Mutable, for one request at a time; the values in it are immutable, so what a
/// filter made once (the claims of a token that was seen before) is put in without a copy.</summary>
public sealed class DynamicMetadata : IMetadataView
{
    // Seldom more than three filters write: a walk over a short list beats a table.
    private readonly List<KeyValuePair<string, MetadataValue>> _byFilter = [];

    /// <summary>Names of the filters that wrote, in the order of their first writing.</summary>
    public IEnumerable<string> Filters => _byFilter.Select(static entry => entry.Key);

    /// <inheritdoc/>
    public MetadataValue? Get(string filter) => IndexOf(filter) is >= 0 and var at ? _byFilter[at].Value : null;

    /// <summary>Adds fields under the name of a filter; those that exist there are replaced one by one, others stay.</summary>
    /// <param name="filter">The name.</param>
    /// <param name="fields">A struct; of another kind it changes nothing.</param>
    public void Merge(string filter, MetadataValue fields)
    {
        if (fields.Kind != MetadataKind.Struct)
            return;
        var at = IndexOf(filter);
        if (at < 0)
            _byFilter.Add(new(filter, fields));
        else
            _byFilter[at] = new(filter, _byFilter[at].Value.With(fields));
    }

    /// <summary>Sets one field under the name of a filter.</summary>
    public void Set(string filter, string key, MetadataValue value) => Merge(filter, MetadataValue.Of([KeyValuePair.Create(key, value)]));

    /// <summary>Forgets everything, for the next request.</summary>
    public void Clear() => _byFilter.Clear();

    private int IndexOf(string filter)
    {
        for (var i = 0; i < _byFilter.Count; i++)
        {
            if (_byFilter[i].Key == filter)
                return i;
        }

        return -1;
    }
}
