using Waypoint.Model.Matching;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Type.V3;
using Denominator = Waypoint.Protos.Envoy.Type.V3.FractionalPercent.Types.DenominatorType;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>envoy.type.v3.FractionalPercent</c> and <c>envoy.config.core.v3.RuntimeFractionalPercent</c>.</summary>
public static class FractionDecoder
{
    /// <summary>Decodes field <paramref name="name"/> of the current message; null if absent.</summary>
    public static RuntimeFraction? Decode(RuntimeFractionalPercent? message, string name, DecodeContext context)
    {
        if (message is null)
            return null;
        using var scope = context.Field(name);
        if (message.DefaultValue is null)
            context.Refuse("default_value", "is required");
        return new RuntimeFraction(Decode(message.DefaultValue, "default_value", context), message.RuntimeKey);
    }

    /// <summary>Decodes field <paramref name="name"/> of the current message; absent is never.</summary>
    public static Fraction Decode(FractionalPercent? message, string name, DecodeContext context)
    {
        switch (message?.Denominator ?? Denominator.Hundred)
        {
            case Denominator.Hundred:
                return new Fraction(message?.Numerator ?? 0, 100);
            case Denominator.TenThousand:
                return new Fraction(message!.Numerator, 10_000);
            case Denominator.Million:
                return new Fraction(message!.Numerator, 1_000_000);
            default:
                context.RefuseValue($"{name}.denominator", message!.Denominator.ToString(), "HUNDRED, TEN_THOUSAND or MILLION");
                return new Fraction(0, 100);
        }
    }
}
