namespace Waypoint.Model.Tokens;

/// <summary>One key of a <see cref="KeySet"/>.</summary>
/// <param name="Verifier">The key.</param>
/// <param name="KeyId"><c>kid</c>; empty fits every token.</param>
/// <param name="Algorithm"><c>alg</c>; empty: every algorithm of its type.</param>
public sealed record SigningKey(KeyVerifier Verifier, string KeyId = "", string Algorithm = "");
