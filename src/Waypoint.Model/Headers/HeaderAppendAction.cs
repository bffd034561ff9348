namespace Waypoint.Model.Headers;

/// <summary><c>envoy.config.core.v3.HeaderValueOption.HeaderAppendAction</c>.</summary>
public enum HeaderAppendAction
{
    /// <summary>Adds a line, whether or not there are others.</summary>
    AppendIfExistsOrAdd,

    /// <summary>Adds the line unless the header is there.</summary>
    AddIfAbsent,

    /// <summary>Replaces all lines, or adds one.</summary>
    OverwriteIfExistsOrAdd,

    /// <summary>Replaces all lines; nothing happens if there is none.</summary>
    OverwriteIfExists,
}
