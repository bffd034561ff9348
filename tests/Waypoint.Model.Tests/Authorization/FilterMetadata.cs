using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Authorization;

/// <summary>Metadata of one filter.</summary>
internal sealed class FilterMetadata(string filter, params (string Key, MetadataValue Value)[] fields) : IMetadataView
{
    private readonly MetadataValue _value = MetadataValue.Of(fields.Select(f => KeyValuePair.Create(f.Key, f.Value)));

    public MetadataValue? Get(string name) => name == filter ? _value : null;
}
