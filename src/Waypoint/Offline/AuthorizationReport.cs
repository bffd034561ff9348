using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Waypoint.Model.Authorization;

namespace Waypoint.Offline;

/// <summary>Prints an answer, for people or for programs.</summary>
internal static class AuthorizationReport
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As text: the outcome first, then each filter with its policies.</summary>
    public static string ToText(AuthorizationAnswer answer)
    {
        var text = new StringBuilder();
        text.Append($"{answer.Outcome.ToString().ToUpperInvariant()}: {answer.Reason}\n");
        text.Append($"chain: {answer.Chain ?? "none"}\n");
        if (answer.Path is not null)
            text.Append($"route: {(string.IsNullOrEmpty(answer.Route) ? "none or without a name" : answer.Route)}\npath as policies see it: {answer.Path}\n");
        if (answer.Filters.Count == 0)
            text.Append("no filter asks\n");
        foreach (FilterFinding filter in answer.Filters)
        {
            text.Append($"{filter.Filter} ({filter.Action}): {(filter.Passes ? "passes" : "refuses")}");
            text.Append(filter.Policies.Count == 0 ? "" : filter.Policy is null ? ", no policy fits" : $", by {filter.Policy}");
            text.Append(filter.Note is { Length: > 0 } note ? $" [{note}]\n" : "\n");
            foreach (PolicyExplanation policy in filter.Policies)
                Append(text, policy);
        }

        return text.ToString();
    }

    /// <summary>As one JSON object.</summary>
    public static string ToJson(AuthorizationAnswer answer)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("outcome", Lower(answer.Outcome.ToString()));
            writer.WriteString("reason", answer.Reason);
            writer.WriteString("chain", answer.Chain);
            writer.WriteString("route", answer.Route);
            writer.WriteString("path", answer.Path);
            writer.WriteStartArray("filters");
            foreach (FilterFinding filter in answer.Filters)
                Write(writer, filter);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Append(StringBuilder text, PolicyExplanation policy)
    {
        text.Append($"  {policy.Name}: {(policy.Matches ? "fits" : "does not fit")}\n");
        text.Append($"    permission {Word(policy.Permission)}: {policy.Permission.Predicate}\n");
        text.Append($"    principal {Word(policy.Principal)}: {policy.Principal.Predicate}\n");
        if (policy.Condition is { } condition)
            text.Append($"    condition {(condition ? "holds" : "does not hold")}\n");
    }

    private static string Word(RuleExplanation rule) => rule.Matches ? "fits" : "does not fit";

    private static void Write(Utf8JsonWriter writer, FilterFinding filter)
    {
        writer.WriteStartObject();
        writer.WriteString("filter", filter.Filter);
        writer.WriteString("action", filter.Action);
        writer.WriteBoolean("passes", filter.Passes);
        writer.WriteString("policy", filter.Policy);
        writer.WriteString("note", filter.Note);
        writer.WriteStartArray("policies");
        foreach (PolicyExplanation policy in filter.Policies)
        {
            writer.WriteStartObject();
            writer.WriteString("name", policy.Name);
            writer.WriteBoolean("matches", policy.Matches);
            Write(writer, "permission", policy.Permission);
            Write(writer, "principal", policy.Principal);
            if (policy.Condition is { } condition)
                writer.WriteBoolean("condition", condition);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, RuleExplanation rule)
    {
        writer.WriteStartObject(name);
        writer.WriteBoolean("matches", rule.Matches);
        writer.WriteString("predicate", rule.Predicate);
        writer.WriteEndObject();
    }

    // The outcome is a word of the output's own language, which is lower case.
#pragma warning disable CA1308
    private static string Lower(string text) => text.ToLowerInvariant();
#pragma warning restore CA1308
}
