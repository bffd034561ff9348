using System.Diagnostics.CodeAnalysis;

namespace Waypoint.Model.Tokens;

/// <summary>Where keys become able to verify: the boundary between what is decided here and the cryptography of libraries.</summary>
public interface IKeyFactory
{
    /// <summary>Makes a key of its numbers, or says why they are none: <see cref="JwtStatus.JwksPemNotImplementedKty"/> for a kind of key that is not supported, anything
    /// else but <see cref="JwtStatus.Ok"/> for numbers that are no key. Never throws.</summary>
    JwtStatus TryCreate(KeyMaterial material, [NotNullWhen(true)] out KeyVerifier? verifier);
}
