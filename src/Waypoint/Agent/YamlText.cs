using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Waypoint.Agent;

/// <summary>YAML, as people write it into an annotation, turned into the JSON that it stands for.</summary>
internal static class YamlText
{
    /// <summary>The first document; null for an empty one. False when it is not YAML.</summary>
    public static bool TryParse(string text, out JsonNode? node)
    {
        node = null;
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count > 0)
                node = Convert(stream.Documents[0].RootNode);
            return true;
        }
        catch (YamlException)
        {
            return false;
        }
    }

    private static JsonNode? Convert(YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                var found = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                    found[((YamlScalarNode)key).Value ?? ""] = Convert(value);
                return found;
            case YamlSequenceNode sequence:
                return new JsonArray([.. sequence.Children.Select(Convert)]);
            case YamlScalarNode scalar:
                return Scalar(scalar);
            default:
                return null;
        }
    }

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
            return JsonValue.Create(text);
        if (text is "" or "~" or "null")
            return null;
        if (text is "true" or "false")
            return JsonValue.Create(text == "true");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction) && char.IsAsciiDigit(text[^1]))
            return JsonValue.Create(fraction);
        return JsonValue.Create(text);
    }
}
