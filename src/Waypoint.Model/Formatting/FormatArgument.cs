namespace Waypoint.Model.Formatting;

/// <summary>What an operator has in its parentheses.</summary>
internal enum FormatArgument
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>Something or nothing.</summary>
    Optional,

    /// <summary>Something.</summary>
    Required,

    /// <summary>A header name, or two with a question mark between.</summary>
    Header,
}
