namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>A text that was found where a token is expected.</summary>
/// <param name="Location">Where.</param>
/// <param name="Text">The text, a part of the request's own.</param>
public readonly record struct FoundToken(TokenLocation Location, ReadOnlyMemory<char> Text);
