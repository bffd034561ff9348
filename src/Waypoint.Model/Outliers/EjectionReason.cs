namespace Waypoint.Model.Outliers;

/// <summary>Why an endpoint is taken out (<c>envoy.data.cluster.v3.OutlierEjectionType</c>, same names and order).</summary>
public enum EjectionReason
{
    /// <summary>Server errors one after the other; connect failures too, unless they are counted apart.</summary>
    Consecutive5xx,

    /// <summary>Answers 502, 503 and 504 one after the other.</summary>
    ConsecutiveGatewayFailure,

    /// <summary>A success rate far below the other endpoints'.</summary>
    SuccessRate,

    /// <summary>Connect failures, refused tunnels and timeouts one after the other, counted apart.</summary>
    ConsecutiveLocalOriginFailure,

    /// <summary>A success rate of connecting far below the other endpoints'.</summary>
    SuccessRateLocalOrigin,

    /// <summary>Too large a part of the answers are errors.</summary>
    FailurePercentage,

    /// <summary>Too large a part of the connections fail.</summary>
    FailurePercentageLocalOrigin,
}
