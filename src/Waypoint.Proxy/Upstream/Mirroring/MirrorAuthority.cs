namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>The authority a mirror is asked under.</summary>
internal static class MirrorAuthority
{
    private const string Suffix = "-shadow";

    /// <summary>The main request's authority, with <c>-shadow</c> behind the host (before the port) if the policy wants to be told apart.</summary>
    public static string Of(string authority, bool appendSuffix)
    {
        if (!appendSuffix)
        {
            return authority;
        }

        int colon = authority.LastIndexOf(':');
        bool hasPort = colon > authority.LastIndexOf(']') && authority.IndexOf(':', StringComparison.Ordinal) is var first
            && (first == colon || authority[0] == '[');
        return hasPort ? string.Concat(authority.AsSpan(0, colon), Suffix, authority.AsSpan(colon)) : authority + Suffix;
    }
}
