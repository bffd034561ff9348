namespace Waypoint.Model.Headers;

/// <summary>One header to set or add (<c>envoy.config.core.v3.HeaderValueOption</c>).</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Value">The value, literal or with operators.</param>
/// <param name="Action">How it meets lines that exist.</param>
/// <param name="KeepEmptyValue"><c>keep_empty_value</c>: an empty value is set as well; otherwise it is skipped.</param>
public sealed record HeaderAddition(string Name, HeaderFormat Value, HeaderAppendAction Action, bool KeepEmptyValue);
