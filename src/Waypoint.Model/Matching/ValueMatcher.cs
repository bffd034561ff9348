using System.Globalization;

namespace Waypoint.Model.Matching;

/// <summary><c>envoy.type.matcher.v3.ValueMatcher</c>: a condition on a dynamic value. A value of another kind does not fit. Immutable.</summary>
public abstract class ValueMatcher
{
    private protected ValueMatcher()
    {
    }

    /// <summary>True if <paramref name="value"/> fits; null stands for a value that is not there. Pure; does not allocate.</summary>
    public abstract bool Matches(MetadataValue? value);

    /// <summary>The condition in words, for explanations.</summary>
    public abstract override string ToString();

    /// <summary><c>null_match</c>.</summary>
    public static ValueMatcher IsNull() => new NullForm();

    /// <summary><c>double_match.exact</c>.</summary>
    public static ValueMatcher Number(double exact) => new NumberForm(exact);

    /// <summary><c>double_match.range</c>: from <paramref name="start"/> up to but not including <paramref name="end"/>.</summary>
    public static ValueMatcher NumberRange(double start, double end) => new NumberRangeForm(start, end);

    /// <summary><c>string_match</c>.</summary>
    public static ValueMatcher Text(StringMatcher text) => new TextForm(text);

    /// <summary><c>bool_match</c>.</summary>
    public static ValueMatcher Bool(bool value) => new BoolForm(value);

    /// <summary><c>present_match</c>.</summary>
    public static ValueMatcher Present(bool present) => new PresentForm(present);

    /// <summary><c>list_match.one_of</c>: some element of a list fits.</summary>
    public static ValueMatcher AnyElement(ValueMatcher element) => new AnyElementForm(element);

    /// <summary><c>or_match</c>: one of the conditions fits.</summary>
    public static ValueMatcher Any(IReadOnlyList<ValueMatcher> conditions) => new AnyForm([.. conditions]);

    private sealed class NullForm : ValueMatcher
    {
        public override bool Matches(MetadataValue? value) => value?.Kind == MetadataKind.Null;

        public override string ToString() => "null";
    }

    private sealed class NumberForm(double exact) : ValueMatcher
    {
        public override bool Matches(MetadataValue? value) => value?.Kind == MetadataKind.Number && value.Number == exact;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"number {exact}");
    }

    private sealed class NumberRangeForm(double start, double end) : ValueMatcher
    {
        public override bool Matches(MetadataValue? value) => value?.Kind == MetadataKind.Number && value.Number >= start && value.Number < end;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"number in [{start}, {end})");
    }

    private sealed class TextForm(StringMatcher text) : ValueMatcher
    {
        public override bool Matches(MetadataValue? value) => value?.Kind == MetadataKind.Text && text.Matches(value.Text);

        public override string ToString() => text.ToString();
    }

    private sealed class BoolForm(bool expected) : ValueMatcher
    {
        public override bool Matches(MetadataValue? value) => value?.Kind == MetadataKind.Bool && value.Bool == expected;

        public override string ToString() => expected ? "true" : "false";
    }

    private sealed class PresentForm(bool present) : ValueMatcher
    {
        public override bool Matches(MetadataValue? value) => (value is not null) == present;

        public override string ToString() => present ? "present" : "absent";
    }

    private sealed class AnyElementForm(ValueMatcher element) : ValueMatcher
    {
        public override bool Matches(MetadataValue? value)
        {
            if (value?.Kind != MetadataKind.List)
                return false;
            for (var i = 0; i < value.Items.Count; i++)
            {
                if (element.Matches(value.Items[i]))
                    return true;
            }

            return false;
        }

        public override string ToString() => $"a list with {element}";
    }

    private sealed class AnyForm(ValueMatcher[] conditions) : ValueMatcher
    {
        public override bool Matches(MetadataValue? value)
        {
            foreach (var condition in conditions)
            {
                if (condition.Matches(value))
                    return true;
            }

            return false;
        }

        public override string ToString() => string.Join(" or ", (object[])conditions);
    }
}
