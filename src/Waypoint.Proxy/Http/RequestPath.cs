using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Paths;

namespace Waypoint.Proxy.Http;

/// <summary>Turns the request target into the path that routing, authorization and the upstream all see.</summary>
internal static class RequestPath
{
    /// <summary>Sets <see cref="HttpExchange.Path"/>; anything but <see cref="FailureReason.None"/> refuses the request.</summary>
    public static FailureReason Apply(HttpExchange exchange, HttpConnectionConfig config)
    {
        string path = exchange.Path;
        if (path.Length > 0 && path[0] != '/' && path != "*" && exchange.Wire?.Target is null)
        {
            path = OfAbsoluteForm(path);
        }

        if (path.Length == 0)
        {
            path = "/";
        }

        // Istio's bootstrap turns the rejection of fragments off: they are cut, so that no matcher sees them.
        PathNormalizationResult result = PathNormalizer.Normalize(path, PathNormalizationSettings.Of(config) with { StripFragment = true });
        if (result.Action == PathNormalizationAction.Reject)
        {
            return FailureReason.BadPath;
        }

        exchange.Path = result.Path;
        exchange.RedirectToPath = result.Action == PathNormalizationAction.Redirect;
        return FailureReason.None;
    }

    /// <summary>Path and query of <c>http://host/path</c>; the server has already taken the host from it.</summary>
    private static string OfAbsoluteForm(string target)
    {
        int scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return target;
        }

        int path = target.AsSpan(scheme + 3).IndexOfAny('/', '?');
        if (path < 0)
        {
            return "/";
        }

        string rest = target[(scheme + 3 + path)..];
        return rest[0] == '?' ? "/" + rest : rest;
    }
}
