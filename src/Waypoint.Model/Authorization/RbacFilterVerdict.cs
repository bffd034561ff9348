using System.Runtime.InteropServices;

namespace Waypoint.Model.Authorization;

/// <summary>What one RBAC filter says about one request or connection.</summary>
/// <param name="Enforced">Null if nothing is enforced.</param>
/// <param name="Shadow">Null if there are no shadow rules. Its access log hint does not count.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RbacFilterVerdict(RbacVerdict? Enforced, RbacVerdict? Shadow)
{
    /// <summary>False: answer 403 <c>RBAC: access denied</c>, or close the connection.</summary>
    public bool Allowed => Enforced?.Allowed ?? true;

    /// <summary>Response code details (or termination details of a connection) of a denial.</summary>
    public string DeniedDetails => Enforced?.DeniedDetails ?? RbacVerdict.DeniedByNone;

    /// <summary>The value for the access log hint; null leaves it alone.</summary>
    public bool? AccessLogHint => Enforced?.AccessLogHint;
}
