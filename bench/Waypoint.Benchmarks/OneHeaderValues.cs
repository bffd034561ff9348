using Waypoint.Model.Formatting;
using Waypoint.Model.Matching;

namespace Waypoint.Benchmarks;

/// <summary>Format values of a request with a single header.</summary>
/// <param name="header">Its name, lower case.</param>
/// <param name="value">Its value.</param>
internal sealed class OneHeaderValues(string header, string value) : IFormatValues
{
    public string? Header(FormatField field, string name) => field == FormatField.RequestHeader && name == header ? value : null;

    public string? Text(FormatField field, string name) => null;

    public long? Number(FormatField field) => null;

    public DateTimeOffset? Time(FormatField field) => null;

    public MetadataValue? Metadata(FormatField field, string filter) => null;
}
