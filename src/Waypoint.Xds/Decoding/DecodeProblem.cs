using System.Text;

namespace Waypoint.Xds.Decoding;

/// <summary>One reason why a resource, or a part of it, is refused. Its <see cref="Message"/> goes into the NACK, so it says what, where, which value and what
/// would be accepted.</summary>
/// <param name="Subject">What the problem is in, in the words of the field: <c>Route 'reviews-v2' in virtual host 'reviews.default:9080'</c>.</param>
/// <param name="FieldPath">Path of the field below the subject, such as <c>retry_policy.num_retries</c> or <c>match.headers[1].name</c>; empty for the subject as a whole.</param>
/// <param name="Value">The value found, as text; null when it says nothing (an absent or a composite field).</param>
/// <param name="Reason">What is wrong, as a clause without subject; null when value and <paramref name="Accepted"/> say it.</param>
/// <param name="Accepted">What would be accepted, such as <c>0-100</c>; null when no value would be.</param>
public sealed record DecodeProblem(string Subject, string FieldPath, string? Value, string? Reason, string? Accepted)
{
    /// <summary>Longest part of a value that is quoted.</summary>
    private const int MaxQuotedChars = 200;

    /// <summary>The sentence for the NACK: <c>Route 'a' in virtual host 'b': retry_policy.num_retries is 250; accepted 0-100</c>.</summary>
    public string Message
    {
        get
        {
            var text = new StringBuilder(Subject);
            text.Append(':');
            if (FieldPath.Length > 0)
                text.Append(' ').Append(FieldPath);
            if (Value is not null)
            {
                AppendValue(text.Append(" is "), Value);
                if (Reason is not null)
                    text.Append("; ");
            }
            else if (Reason is not null)
            {
                text.Append(' ');
            }

            text.Append(Reason);
            if (Accepted is not null)
                text.Append("; accepted ").Append(Accepted);
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Message;

    /// <summary>The message is one line in logs, whatever the value holds.</summary>
    private static void AppendValue(StringBuilder text, string value)
    {
        foreach (var c in value.AsSpan(0, Math.Min(value.Length, MaxQuotedChars)))
            text.Append(char.IsControl(c) ? '?' : c);
        if (value.Length > MaxQuotedChars)
            text.Append("...");
    }
}
