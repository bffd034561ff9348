using Waypoint.Model.Headers;

namespace Waypoint.Model.Filters.ExtAuthz;

/// <summary>One header that a service sets.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Value">The value as it is.</param>
/// <param name="Action">How it meets lines that exist.</param>
public readonly record struct HeaderChange(string Name, string Value, HeaderAppendAction Action);
