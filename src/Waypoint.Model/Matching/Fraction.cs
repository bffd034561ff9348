namespace Waypoint.Model.Matching;

/// <summary><c>envoy.type.v3.FractionalPercent</c>: a share in hundredths, ten-thousandths or millionths. A numerator of zero is never, one of the
/// denominator or above is always.</summary>
/// <param name="Numerator">The share.</param>
/// <param name="Denominator">100, 10 000 or 1 000 000.</param>
public readonly record struct Fraction(uint Numerator, uint Denominator)
{
    /// <summary>True if the request with this random number belongs to the share.</summary>
    public bool IsEnabled(ulong randomValue) => randomValue % Denominator < Numerator;
}
