using Waypoint.Model.Outliers;
using Waypoint.Protos.Envoy.Config.Cluster.V3;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary><c>envoy.config.cluster.v3.OutlierDetection</c> to <see cref="OutlierDetectionConfig"/>, with the defaults of the API.</summary>
internal static class OutlierDetectionDecoder
{
    private static readonly OutlierDetectionConfig Defaults = new();

    /// <summary>Decodes the settings; problems are added to <paramref name="context"/>.</summary>
    public static OutlierDetectionConfig Decode(OutlierDetection message, DecodeContext context)
    {
        using DecodeScope scope = context.Field("outlier_detection");
        if (message.Monitors.Count > 0)
            context.RefuseValue("monitors", $"{message.Monitors.Count} entries", "none");
        TimeSpan baseTime = PositiveTime(message.BaseEjectionTime, "base_ejection_time", Defaults.BaseEjectionTime, context);
        TimeSpan maxTime = PositiveTime(message.MaxEjectionTime, "max_ejection_time", baseTime > Defaults.MaxEjectionTime ? baseTime : Defaults.MaxEjectionTime, context);
        if (maxTime < baseTime)
            context.RefuseValue("max_ejection_time", maxTime.ToString(), $"at least base_ejection_time ({baseTime})");
        return new OutlierDetectionConfig
        {
            Interval = PositiveTime(message.Interval, "interval", Defaults.Interval, context),
            BaseEjectionTime = baseTime,
            MaxEjectionTime = maxTime,
            MaxEjectionTimeJitter = context.ReadDuration(message.MaxEjectionTimeJitter, "max_ejection_time_jitter", TimeSpan.Zero),
            MaxEjectionPercent = Percent(message.MaxEjectionPercent, "max_ejection_percent", Defaults.MaxEjectionPercent, context),
            AlwaysEjectOneHost = message.AlwaysEjectOneHost ?? false,
            Consecutive5xx = message.Consecutive5Xx ?? Defaults.Consecutive5xx,
            ConsecutiveGatewayFailure = message.ConsecutiveGatewayFailure ?? Defaults.ConsecutiveGatewayFailure,
            ConsecutiveLocalOriginFailure = message.ConsecutiveLocalOriginFailure ?? Defaults.ConsecutiveLocalOriginFailure,
            SplitLocalOriginErrors = message.SplitExternalLocalOriginErrors,
            SuccessRateMinimumHosts = message.SuccessRateMinimumHosts ?? Defaults.SuccessRateMinimumHosts,
            SuccessRateRequestVolume = message.SuccessRateRequestVolume ?? Defaults.SuccessRateRequestVolume,
            SuccessRateStdevFactor = message.SuccessRateStdevFactor ?? Defaults.SuccessRateStdevFactor,
            FailurePercentageThreshold = Percent(message.FailurePercentageThreshold, "failure_percentage_threshold", Defaults.FailurePercentageThreshold, context),
            FailurePercentageMinimumHosts = message.FailurePercentageMinimumHosts ?? Defaults.FailurePercentageMinimumHosts,
            FailurePercentageRequestVolume = message.FailurePercentageRequestVolume ?? Defaults.FailurePercentageRequestVolume,
            EnforcingConsecutive5xx = Percent(message.EnforcingConsecutive5Xx, "enforcing_consecutive_5xx", Defaults.EnforcingConsecutive5xx, context),
            EnforcingConsecutiveGatewayFailure = Percent(
                message.EnforcingConsecutiveGatewayFailure, "enforcing_consecutive_gateway_failure", Defaults.EnforcingConsecutiveGatewayFailure, context),
            EnforcingSuccessRate = Percent(message.EnforcingSuccessRate, "enforcing_success_rate", Defaults.EnforcingSuccessRate, context),
            EnforcingConsecutiveLocalOriginFailure = Percent(
                message.EnforcingConsecutiveLocalOriginFailure, "enforcing_consecutive_local_origin_failure", Defaults.EnforcingConsecutiveLocalOriginFailure, context),
            EnforcingLocalOriginSuccessRate = Percent(
                message.EnforcingLocalOriginSuccessRate, "enforcing_local_origin_success_rate", Defaults.EnforcingLocalOriginSuccessRate, context),
            EnforcingFailurePercentage = Percent(message.EnforcingFailurePercentage, "enforcing_failure_percentage", Defaults.EnforcingFailurePercentage, context),
            EnforcingFailurePercentageLocalOrigin = Percent(
                message.EnforcingFailurePercentageLocalOrigin, "enforcing_failure_percentage_local_origin", Defaults.EnforcingFailurePercentageLocalOrigin, context),
            SuccessfulHealthCheckUnejects = message.SuccessfulActiveHealthCheckUnejectHost ?? true,
        };
    }

    private static TimeSpan PositiveTime(Google.Protobuf.WellKnownTypes.Duration? duration, string name, TimeSpan absent, DecodeContext context)
    {
        TimeSpan time = context.ReadDuration(duration, name, absent);
        if (time > TimeSpan.Zero)
            return time;
        context.RefuseValue(name, time.ToString(), "above 0");
        return absent;
    }

    private static uint Percent(uint? sent, string name, uint absent, DecodeContext context) => context.ReadNumber(sent, name, absent, 0, 100);
}
