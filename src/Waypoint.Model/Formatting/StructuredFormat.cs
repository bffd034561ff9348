using System.Diagnostics.CodeAnalysis;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Formatting;

/// <summary>A JSON record whose texts are format strings (<c>SubstitutionFormatString.json_format</c>). A text that is one operator alone keeps the operator's JSON type,
/// and is null where it has nothing to say. Immutable; parsed once.</summary>
public sealed class StructuredFormat
{
    private readonly MetadataValue _template;
    private readonly Dictionary<string, FormatString> _formats = new(StringComparer.Ordinal);

    private StructuredFormat(MetadataValue template) => _template = template;

    /// <summary>Reads a template, or says in <paramref name="problem"/> why it is none.</summary>
    public static bool TryParse(MetadataValue template, [NotNullWhen(true)] out StructuredFormat? format, [NotNullWhen(false)] out string? problem)
    {
        var made = new StructuredFormat(template);
        format = made.TryAdd(template, out problem) ? made : null;
        return format is not null;
    }

    /// <summary>The record for one request as one line of JSON, fields in order of their names.</summary>
    /// <param name="values">The request.</param>
    /// <param name="missing">Stands within a longer text where an operator has nothing to say.</param>
    public string Render(IFormatValues values, string missing) => MetadataText.Json(Fill(_template, values, missing));

    private bool TryAdd(MetadataValue template, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (template.Kind == MetadataKind.Text)
        {
            if (FormatString.TryParse(template.Text, headerForms: false, out var format, out problem))
                _formats[template.Text] = format;
            return problem is null;
        }

        foreach (var item in template.Items.Concat(template.Fields.Select(static field => field.Value)))
        {
            if (!TryAdd(item, out problem))
                return false;
        }

        return true;
    }

    private MetadataValue Fill(MetadataValue template, IFormatValues values, string missing)
    {
        switch (template.Kind)
        {
            case MetadataKind.Text:
                var format = _formats[template.Text];
                return format.SingleOperator is { } only ? FormatRenderer.Value(only, values) : MetadataValue.Of(format.Render(values, missing));
            case MetadataKind.List:
                return MetadataValue.Of([.. template.Items.Select(item => Fill(item, values, missing))]);
            case MetadataKind.Struct:
                return MetadataValue.Of(template.Fields.Select(field => KeyValuePair.Create(field.Key, Fill(field.Value, values, missing))));
            default:
                return template;
        }
    }
}
