namespace Waypoint.Xds.Tests.Ads;

/// <summary>Always the same number, so that a delay is known.</summary>
internal sealed class FixedRandom(double value) : Random
{
    public override double NextDouble() => value;
}
