namespace Waypoint.Model.Filters.Cors;

/// <summary>What a cross-origin policy does with a request.</summary>
public enum CorsOutcome
{
    /// <summary>Nothing: not a cross-origin request, or one from an origin that is not allowed.</summary>
    Pass,

    /// <summary>The request goes on, and its response is marked as readable for the origin.</summary>
    MarkResponse,

    /// <summary>A preflight of an allowed origin: answered here with 200 and the policy.</summary>
    AnswerPreflight,

    /// <summary>A preflight of an origin that is not allowed and must not reach the upstream: answered here with 200 and nothing else.</summary>
    AnswerEmpty,
}
