using System.Globalization;
using Waypoint.Model.Routes;
using Waypoint.Xds.Decoding.Matching;
using Code = Waypoint.Protos.Envoy.Config.Route.V3.RedirectAction.Types.RedirectResponseCode;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3.RedirectAction;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>envoy.config.route.v3.RedirectAction</c>.</summary>
internal static class RedirectActionDecoder
{
    internal static RedirectAction Decode(Proto message, DecodedCondition condition, DecodeContext context)
    {
        TextFields.CheckHeaderValue(message.HostRedirect, "host_redirect", context);
        if (message.PortRedirect > ushort.MaxValue)
            context.RefuseValue("port_redirect", message.PortRedirect.ToString(CultureInfo.InvariantCulture), "0-65535");
        return new RedirectAction
        {
            Status = DecodeStatus(message.ResponseCode, context),
            Scheme = message.HttpsRedirect ? "https" : NullIfEmpty(message.SchemeRedirect),
            Host = NullIfEmpty(message.HostRedirect),
            Port = (int)Math.Min(message.PortRedirect, ushort.MaxValue),
            Path = DecodePath(message.PathRedirect, context),
            PathRewrite = DecodeRewrite(message, condition, context),
            StripQuery = message.StripQuery,
        };
    }

    /// <summary>A path without a slash gets one in front, as a Location without it would name a relative path.</summary>
    private static string? DecodePath(string path, DecodeContext context)
    {
        TextFields.CheckHeaderValue(path, "path_redirect", context);
        return path.Length == 0 ? null : path[0] == '/' ? path : "/" + path;
    }

    private static PathRewrite? DecodeRewrite(Proto message, DecodedCondition condition, DecodeContext context)
    {
        switch (message.PathRewriteSpecifierCase)
        {
            case Proto.PathRewriteSpecifierOneofCase.PrefixRewrite when message.PrefixRewrite.Length > 0:
                TextFields.CheckHeaderValue(message.PrefixRewrite, "prefix_rewrite", context);
                return new PrefixPathRewrite(condition.Condition.Path.MatchedLength, message.PrefixRewrite);
            case Proto.PathRewriteSpecifierOneofCase.RegexRewrite:
                return StringMatcherDecoder.DecodeSubstitution(message.RegexRewrite, "regex_rewrite", context) is { } substitution
                    ? new RegexPathRewrite(substitution)
                    : null;
            default:
                return null;
        }
    }

    private static int DecodeStatus(Code code, DecodeContext context)
    {
        switch (code)
        {
            case Code.MovedPermanently:
                return 301;
            case Code.Found:
                return 302;
            case Code.SeeOther:
                return 303;
            case Code.TemporaryRedirect:
                return 307;
            case Code.PermanentRedirect:
                return 308;
            default:
                context.RefuseValue("response_code", code.ToString(), "0-4");
                return 301;
        }
    }

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;
}
