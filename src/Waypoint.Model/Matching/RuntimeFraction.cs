using Waypoint.Model.Requests;

namespace Waypoint.Model.Matching;

/// <summary>A share of the requests (<c>envoy.config.core.v3.RuntimeFractionalPercent</c>).</summary>
/// <param name="Default"><c>default_value</c>.</param>
/// <param name="RuntimeKey"><c>runtime_key</c> that overrides it with an integer percentage; empty: none.</param>
public sealed record RuntimeFraction(Fraction Default, string RuntimeKey)
{
    /// <summary>True if the request with this random number belongs to the share.</summary>
    public bool IsEnabled(ulong randomValue, RuntimeValues? runtime)
    {
        var percent = RuntimeKey.Length > 0 ? runtime?.Find(RuntimeKey) : null;
        return percent is { } value
            ? new Fraction((uint)Math.Min(value, 100), 100).IsEnabled(randomValue)
            : Default.IsEnabled(randomValue);
    }
}
