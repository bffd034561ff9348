using System.Text.Json;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Conformance.Tests;

/// <summary>Dynamic metadata of a case: an object by filter name.</summary>
internal sealed class CaseMetadata(JsonElement json) : IMetadataView
{
    public MetadataValue? Get(string filter) => json.Find(filter)?.ToMetadata();
}
