using System.Runtime.InteropServices;

namespace Waypoint.Model.Authorization;

/// <summary>What a set of policies says about one request or connection.</summary>
/// <param name="Allowed">False: refuse it.</param>
/// <param name="Policy">Name of the policy (or action) that matched; null if none did.</param>
/// <param name="AccessLogHint">The value for <c>envoy.common</c> / <c>access_log_hint</c>; null leaves the hint alone.</param>
/// <param name="DeniedDetails">Response code details if the answer is a denial, such as <c>rbac_access_denied_matched_policy[none]</c>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RbacVerdict(bool Allowed, string? Policy, bool? AccessLogHint, string DeniedDetails)
{
    /// <summary>Details of a denial because no policy matched.</summary>
    public const string DeniedByNone = "rbac_access_denied_matched_policy[none]";

    /// <summary>Details of a denial by the policy <paramref name="name"/>: white space in the name becomes <c>_</c>, so that the details stay one field of a log line.</summary>
    internal static string DetailsFor(string name)
    {
        if (name.Length == 0)
            return DeniedByNone;
        return string.Concat("rbac_access_denied_matched_policy[", string.Create(name.Length, name, static (text, source) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = char.IsWhiteSpace(source[i]) ? '_' : source[i];
        }), "]");
    }
}
