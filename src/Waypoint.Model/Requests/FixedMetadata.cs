using System.Collections.Frozen;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Requests;

/// <summary>Metadata that configuration carries (<c>envoy.config.core.v3.Metadata.filter_metadata</c>): a struct by name. Immutable.</summary>
public sealed class FixedMetadata(IEnumerable<KeyValuePair<string, MetadataValue>> values) : IMetadataView
{
    private readonly FrozenDictionary<string, MetadataValue> _values = values.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>No metadata.</summary>
    public static FixedMetadata None { get; } = new([]);

    /// <inheritdoc/>
    public MetadataValue? Get(string filter) => _values.GetValueOrDefault(filter);
}
