namespace Waypoint.Model.Outliers;

/// <summary><c>envoy.config.cluster.v3.OutlierDetection</c>: when an endpoint is taken out and for how long. Percentages are 0 to 100; an enforcing percentage is the
/// likelihood that a detection has consequences. Immutable.</summary>
public sealed record OutlierDetectionConfig
{
    /// <summary><c>interval</c> between sweeps; default 10 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>base_ejection_time</c>, times the number of ejections in a row; default 30 s.</summary>
    public TimeSpan BaseEjectionTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>max_ejection_time</c>: cap of the growth; default 300 s, or the base if that is longer.</summary>
    public TimeSpan MaxEjectionTime { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary><c>max_ejection_time_jitter</c>: random addition, so that endpoints do not all return at once; default 0.</summary>
    public TimeSpan MaxEjectionTimeJitter { get; init; }

    /// <summary><c>max_ejection_percent</c> of the endpoints that may be out at a time; default 10.</summary>
    public uint MaxEjectionPercent { get; init; } = 10;

    /// <summary><c>always_eject_one_host</c>: the first one goes whatever the percentage; default false.</summary>
    public bool AlwaysEjectOneHost { get; init; }

    /// <summary><c>consecutive_5xx</c>; default 5, 0: never.</summary>
    public uint Consecutive5xx { get; init; } = 5;

    /// <summary><c>consecutive_gateway_failure</c>; default 5, 0: never.</summary>
    public uint ConsecutiveGatewayFailure { get; init; } = 5;

    /// <summary><c>consecutive_local_origin_failure</c>; default 5, 0: never.</summary>
    public uint ConsecutiveLocalOriginFailure { get; init; } = 5;

    /// <summary><c>split_external_local_origin_errors</c>: failures to connect are counted apart from the endpoint's answers; default false.</summary>
    public bool SplitLocalOriginErrors { get; init; }

    /// <summary><c>success_rate_minimum_hosts</c> with enough requests; default 5.</summary>
    public uint SuccessRateMinimumHosts { get; init; } = 5;

    /// <summary><c>success_rate_request_volume</c> per interval; default 100.</summary>
    public uint SuccessRateRequestVolume { get; init; } = 100;

    /// <summary><c>success_rate_stdev_factor</c> in thousandths: how many standard deviations below the mean is too low; default 1900.</summary>
    public uint SuccessRateStdevFactor { get; init; } = 1900;

    /// <summary><c>failure_percentage_threshold</c>; default 85.</summary>
    public uint FailurePercentageThreshold { get; init; } = 85;

    /// <summary><c>failure_percentage_minimum_hosts</c> with enough requests; default 5.</summary>
    public uint FailurePercentageMinimumHosts { get; init; } = 5;

    /// <summary><c>failure_percentage_request_volume</c> per interval; default 50.</summary>
    public uint FailurePercentageRequestVolume { get; init; } = 50;

    /// <summary><c>enforcing_consecutive_5xx</c>; default 100.</summary>
    public uint EnforcingConsecutive5xx { get; init; } = 100;

    /// <summary><c>enforcing_consecutive_gateway_failure</c>; default 0.</summary>
    public uint EnforcingConsecutiveGatewayFailure { get; init; }

    /// <summary><c>enforcing_success_rate</c>; default 100.</summary>
    public uint EnforcingSuccessRate { get; init; } = 100;

    /// <summary><c>enforcing_consecutive_local_origin_failure</c>; default 100.</summary>
    public uint EnforcingConsecutiveLocalOriginFailure { get; init; } = 100;

    /// <summary><c>enforcing_local_origin_success_rate</c>; default 100.</summary>
    public uint EnforcingLocalOriginSuccessRate { get; init; } = 100;

    /// <summary><c>enforcing_failure_percentage</c>; default 0.</summary>
    public uint EnforcingFailurePercentage { get; init; }

    /// <summary><c>enforcing_failure_percentage_local_origin</c>; default 0.</summary>
    public uint EnforcingFailurePercentageLocalOrigin { get; init; }

    /// <summary><c>successful_active_health_check_uneject_host</c>; default true.</summary>
    public bool SuccessfulHealthCheckUnejects { get; init; } = true;

    /// <summary>The enforcing percentage of a reason.</summary>
    public uint EnforcingPercent(EjectionReason reason) => reason switch
    {
        EjectionReason.Consecutive5xx => EnforcingConsecutive5xx,
        EjectionReason.ConsecutiveGatewayFailure => EnforcingConsecutiveGatewayFailure,
        EjectionReason.SuccessRate => EnforcingSuccessRate,
        EjectionReason.ConsecutiveLocalOriginFailure => EnforcingConsecutiveLocalOriginFailure,
        EjectionReason.SuccessRateLocalOrigin => EnforcingLocalOriginSuccessRate,
        EjectionReason.FailurePercentage => EnforcingFailurePercentage,
        _ => EnforcingFailurePercentageLocalOrigin,
    };
}
