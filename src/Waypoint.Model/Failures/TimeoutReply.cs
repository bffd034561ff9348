namespace Waypoint.Model.Failures;

/// <summary>The answer to a request that ran out of time where a trusted peer asked for another than 504.</summary>
public static class TimeoutReply
{
    /// <summary>The control header that asks for it.</summary>
    public const string Header = "x-envoy-upstream-rq-timeout-alt-response";

    /// <summary>The status then, without a body.</summary>
    public const int AlternativeStatus = 204;
}
