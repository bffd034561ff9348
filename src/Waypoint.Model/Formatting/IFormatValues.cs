using Waypoint.Model.Matching;

namespace Waypoint.Model.Formatting;

/// <summary>Facts of a request that operators of a <see cref="FormatString"/> ask for; asked only when such an operator is rendered. Null: there is no such fact.</summary>
public interface IFormatValues
{
    /// <summary>First line of a header; <paramref name="name"/> is lower case and may be a pseudo header.</summary>
    /// <param name="field"><see cref="FormatField.RequestHeader"/>, <see cref="FormatField.ResponseHeader"/> or <see cref="FormatField.ResponseTrailer"/>.</param>
    /// <param name="name">Which header.</param>
    string? Header(FormatField field, string name);

    /// <summary>A text. Addresses come with their port (<c>10.0.0.1:80</c>, <c>[::1]:80</c>), lists with commas. Objects of the filter state and variables are asked for by name.</summary>
    string? Text(FormatField field, string name);

    /// <summary>A number of bytes, milliseconds or things.</summary>
    long? Number(FormatField field);

    /// <summary>A point in time.</summary>
    DateTimeOffset? Time(FormatField field);

    /// <summary>What <paramref name="filter"/> left in the metadata that <paramref name="field"/> names, a struct.</summary>
    MetadataValue? Metadata(FormatField field, string filter);
}
