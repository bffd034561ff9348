using System.Text;
using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>How a failure is answered.</summary>
/// <param name="Status">401, or 403 for an audience that is not accepted and for a route that names no requirement.</param>
/// <param name="Body">The body.</param>
/// <param name="Details">RESPONSE_CODE_DETAILS.</param>
/// <param name="Challenge">Value of <c>www-authenticate</c>; null: none.</param>
public readonly record struct JwtReply(int Status, string Body, string Details, string? Challenge)
{
    /// <summary>Longest path in a challenge.</summary>
    private const int MaxChallengePath = 256;

    /// <summary>The answer to <paramref name="status"/>.</summary>
    /// <param name="status">What went wrong.</param>
    /// <param name="stripped"><c>strip_failure_response</c>.</param>
    /// <param name="scheme">Scheme, authority and path with query of the request as it came to the filter.</param>
    /// <param name="authority">See <paramref name="scheme"/>.</param>
    /// <param name="path">See <paramref name="scheme"/>.</param>
    public static JwtReply Of(JwtStatus status, bool stripped, string scheme, string authority, string path)
    {
        var text = JwtStatusText.Of(status);
        var code = status == JwtStatus.JwtAudienceNotAllowed ? 403 : 401;
        return stripped
            ? new JwtReply(code, "", DetailsOf(text), null)
            : new JwtReply(code, text, DetailsOf(text), ChallengeOf(status, scheme, authority, path));
    }

    /// <summary>The answer where a route names a requirement that does not exist.</summary>
    public static JwtReply OfRoute(string problem, bool stripped) =>
        new(403, stripped ? "" : "Failed JWT authentication: " + problem, DetailsOf(problem), null);

    private static string DetailsOf(string text)
    {
        // One word for whoever splits log lines at spaces.
        return "jwt_authn_access_denied{" + text.Replace(' ', '_') + "}";
    }

    private static string ChallengeOf(JwtStatus status, string scheme, string authority, string path)
    {
        var text = new StringBuilder("Bearer realm=\"").Append(scheme).Append("://").Append(authority);
        foreach (var c in path.AsSpan(0, Math.Min(path.Length, MaxChallengePath)))
            text.Append(c is > ' ' and < '\u007f' and not '"' ? c : '?');
        text.Append('"');
        if (status != JwtStatus.JwtMissed)
            text.Append(", error=\"invalid_token\"");
        return text.ToString();
    }
}
