using Waypoint.Model.Formatting;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Conformance.Tests.Routes;

/// <summary>What operators in header values may ask of a case: its request headers.</summary>
internal sealed class CaseFormatValues(HeaderLines request) : IFormatValues
{
    public string? Header(FormatField field, string name) =>
        field == FormatField.RequestHeader && request.Count(name) > 0 ? request.Get(name, 0) : null;

    public string? Text(FormatField field, string name) => null;

    public long? Number(FormatField field) => null;

    public DateTimeOffset? Time(FormatField field) => null;

    public MetadataValue? Metadata(FormatField field, string filter) => null;
}
