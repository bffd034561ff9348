using Waypoint.Model.Matching;
using Proto = Waypoint.Protos.Envoy.Type.Matcher.V3;

namespace Waypoint.Xds.Decoding.Matching;

/// <summary>Decodes <c>envoy.type.matcher.v3.PathMatcher</c> and URI templates. After a problem the result must not be used.</summary>
public static class PathMatcherDecoder
{
    /// <summary>Decodes the current message.</summary>
    public static PathMatcher Decode(Proto.PathMatcher message, DecodeContext context) =>
        new(StringMatcherDecoder.Decode(message.Path, "path", context));

    /// <summary>Decodes a template in field <paramref name="name"/> of the current message; null after a problem.</summary>
    public static PathTemplate? DecodeTemplate(string source, string name, DecodeContext context)
    {
        if (PathTemplate.TryParse(source, out var template, out var problem))
            return template;
        context.Refuse(name, problem, source, "a URI template");
        return null;
    }
}
