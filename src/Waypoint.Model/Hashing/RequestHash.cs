namespace Waypoint.Model.Hashing;

/// <summary>What the hash policies of a route make of a request.</summary>
/// <param name="Value">The hash; null: no policy found anything, the balancer draws at random.</param>
/// <param name="Cookies">Cookies that were made for a client without one, to be sent with the upstream's answer; null: none.</param>
public readonly record struct RequestHash(ulong? Value, IReadOnlyList<GeneratedCookie>? Cookies);
