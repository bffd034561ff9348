namespace Waypoint.Model.Headers;

/// <summary>Facts of a request that operators of a <see cref="HeaderFormat"/> ask for; asked only when such an operator is rendered.</summary>
public interface IFormatValues
{
    /// <summary>The value of <paramref name="field"/>, or null where there is none. <paramref name="argument"/> is the
    /// operator's argument, such as a header name (lower case); empty if it takes none.</summary>
    string? Get(FormatField field, string argument);
}
