using System.Runtime.InteropServices;

namespace Waypoint.Model.Authorization;

/// <summary>A value met while a condition is evaluated, or a constant in it. The default is the error.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct ConditionValue
{
    private readonly string? _text;
    private readonly int _length;
    private readonly double _number;

    private ConditionValue(ConditionValueKind kind, string? text, int length, double number)
    {
        Kind = kind;
        _text = text;
        _length = length;
        _number = number;
    }

    /// <summary>What it is.</summary>
    public ConditionValueKind Kind { get; }

    /// <summary>The text; empty for other kinds.</summary>
    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    internal bool IsTrue => Kind == ConditionValueKind.Boolean && _number != 0;

    internal bool IsFalse => Kind == ConditionValueKind.Boolean && _number == 0;

    /// <summary>A truth value.</summary>
    public static ConditionValue From(bool value) => new(ConditionValueKind.Boolean, null, 0, value ? 1 : 0);

    /// <summary>A number.</summary>
    public static ConditionValue From(double value) => new(ConditionValueKind.Number, null, 0, value);

    /// <summary>A text; null is the error.</summary>
    public static ConditionValue From(string? value) => value is null ? default : new(ConditionValueKind.Text, value, value.Length, 0);

    /// <summary>The first <paramref name="length"/> characters of a text.</summary>
    internal static ConditionValue From(string value, int length) => new(ConditionValueKind.Text, value, length, 0);

    /// <summary>Compares two values; of different kinds they cannot be compared, which is an error and neither equal nor unequal.</summary>
    internal static ConditionValue Compare(in ConditionValue left, ConditionRelation relation, in ConditionValue right)
    {
        if (left.Kind != right.Kind || left.Kind == ConditionValueKind.Error)
            return default;
        bool isText = left.Kind == ConditionValueKind.Text;
        if (relation is ConditionRelation.Equal or ConditionRelation.NotEqual)
        {
            bool equal = isText ? left.Text.SequenceEqual(right.Text) : left._number == right._number;
            return From(equal == (relation == ConditionRelation.Equal));
        }

        if (!isText)
            return default;
        return From(relation switch
        {
            ConditionRelation.StartsWith => left.Text.StartsWith(right.Text, StringComparison.Ordinal),
            ConditionRelation.EndsWith => left.Text.EndsWith(right.Text, StringComparison.Ordinal),
            _ => left.Text.Contains(right.Text, StringComparison.Ordinal),
        });
    }
}
