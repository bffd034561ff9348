using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>Answers for the leaves of a requirement tree.</summary>
public interface ITokenChecks
{
    /// <summary>What became of the tokens of one requirement; null while keys are being fetched.</summary>
    JwtStatus? Check(TokenRequirement requirement);
}
