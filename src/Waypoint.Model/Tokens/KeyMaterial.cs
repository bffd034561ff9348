namespace Waypoint.Model.Tokens;

/// <summary>The numbers of a key as they stand in a key set, for the <see cref="IKeyFactory"/>. Big-endian, not padded.</summary>
/// <param name="Kind">What the numbers are.</param>
/// <param name="First">Modulus, x, the key, the secret or the DER text.</param>
/// <param name="Second">Exponent or y; empty for other kinds.</param>
/// <param name="Curve">The curve by its name in key sets; empty for other kinds.</param>
public sealed record KeyMaterial(KeyMaterialKind Kind, ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second = default, string Curve = "");
