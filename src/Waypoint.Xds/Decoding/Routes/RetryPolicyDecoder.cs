using System.Globalization;
using Waypoint.Model.Routes;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Extensions.Retry.Priority.PreviousPriorities.V3;
using Waypoint.Xds.Decoding.Matching;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3.RetryPolicy;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>envoy.config.route.v3.RetryPolicy</c>.</summary>
public static class RetryPolicyDecoder
{
    private const string PreviousHosts = "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate";

    private static readonly SharedParts<Proto, RetryPolicyConfig> Shared = new();

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>Decodes field <paramref name="name"/> of the current message.</summary>
    public static RetryPolicyConfig Decode(Proto message, string name, DecodeContext context)
    {
        using var scope = context.Field(name);
        return Shared.Get(message, context, Decode);
    }

    private static RetryPolicyConfig Decode(Proto message, DecodeContext context)
    {
        IgnoreWhatOnlyTunes(message, context);
        var (baseInterval, maxInterval) = DecodeBackOff(message, context);
        return new RetryPolicyConfig
        {
            RetryOn = DecodeConditions(message.RetryOn, context),
            MaxRetries = (int)context.ReadNumber(message.NumRetries, "num_retries", absent: 1, min: 0, max: int.MaxValue),
            RetriableStatusCodes = [.. message.RetriableStatusCodes.Select(static code => (int)code)],
            RetriableHeaders = HeaderMatcherDecoder.DecodeAll(message.RetriableHeaders, "retriable_headers", context),
            RetriableRequestHeaders = HeaderMatcherDecoder.DecodeAll(message.RetriableRequestHeaders, "retriable_request_headers", context),
            PerTryTimeout = DurationDecoder.Decode(message.PerTryTimeout, "per_try_timeout", context),
            PerTryIdleTimeout = DurationDecoder.Decode(message.PerTryIdleTimeout, "per_try_idle_timeout", context),
            BaseInterval = baseInterval,
            MaxInterval = maxInterval,
            ResetHeaders = DecodeResetHeaders(message.RateLimitedRetryBackOff, context),
            ResetMaxInterval = DecodeResetMaxInterval(message.RateLimitedRetryBackOff, context),
            AvoidPreviousHosts = DecodeHostPredicates(message, context),
            PreviousPrioritiesUpdateFrequency = DecodePriority(message, context),
            HostSelectionAttempts = message.HostSelectionRetryMaxAttempts == 0 ? 1 : (int)Math.Clamp(message.HostSelectionRetryMaxAttempts, 1, int.MaxValue),
        };
    }

    private static RetryOn DecodeConditions(string text, DecodeContext context)
    {
        var result = RetryConditions.Parse(text, out var unknown);
        foreach (var name in unknown)
            context.Ignore($"retry_on '{name}'", "it is not known");
        return result;
    }

    private static (TimeSpan? Base, TimeSpan? Max) DecodeBackOff(Proto message, DecodeContext context)
    {
        if (message.RetryBackOff is null)
            return (null, null);
        using var scope = context.Field("retry_back_off");
        var baseInterval = DurationDecoder.Decode(message.RetryBackOff.BaseInterval, "base_interval", context);
        if (baseInterval is null || baseInterval <= TimeSpan.Zero)
        {
            context.Refuse("base_interval", "must be set and greater than zero");
            return (null, null);
        }

        var maxInterval = DurationDecoder.Decode(message.RetryBackOff.MaxInterval, "max_interval", context);
        if (maxInterval < baseInterval)
            context.RefuseValue("max_interval", Seconds(maxInterval.Value), $"base_interval ({Seconds(baseInterval.Value)}) or more");
        return (AtLeastShortest(baseInterval), AtLeastShortest(maxInterval));
    }

    private static RetryResetHeader[] DecodeResetHeaders(Proto.Types.RateLimitedRetryBackOff? message, DecodeContext context)
    {
        if (message is null)
            return [];
        using var scope = context.Field("rate_limited_retry_back_off");
        if (message.ResetHeaders.Count == 0)
            context.Refuse("reset_headers", "must not be empty");
        var headers = new RetryResetHeader[message.ResetHeaders.Count];
        for (var i = 0; i < headers.Length; i++)
        {
            headers[i] = new RetryResetHeader(
                HeaderNameDecoder.Decode(message.ResetHeaders[i].Name, $"reset_headers[{i}].name", context),
                message.ResetHeaders[i].Format == Proto.Types.ResetHeaderFormat.UnixTimestamp);
        }

        return headers;
    }

    private static TimeSpan DecodeResetMaxInterval(Proto.Types.RateLimitedRetryBackOff? message, DecodeContext context)
    {
        if (message?.MaxInterval is null)
            return RetryPolicyConfig.None.ResetMaxInterval;
        var interval = DurationDecoder.Decode(message.MaxInterval, "rate_limited_retry_back_off.max_interval", context);
        if (interval == TimeSpan.Zero)
            context.Refuse("rate_limited_retry_back_off.max_interval", "must be greater than zero");
        return AtLeastShortest(interval) ?? RetryPolicyConfig.None.ResetMaxInterval;
    }

    private static TimeSpan? AtLeastShortest(TimeSpan? interval) => interval < ShortestInterval ? ShortestInterval : interval;

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds}s");

    private static bool DecodeHostPredicates(Proto message, DecodeContext context)
    {
        var avoidsPrevious = false;
        foreach (var predicate in message.RetryHostPredicate)
        {
            if (predicate.TypedConfig is not null && TypedConfig.NameOf(predicate.TypedConfig) == PreviousHosts)
                avoidsPrevious = true;
            else
                context.Ignore($"retry_host_predicate '{predicate.Name}'", "only previous_hosts is implemented");
        }

        return avoidsPrevious;
    }

    private static int DecodePriority(Proto message, DecodeContext context)
    {
        if (message.RetryPriority is null)
            return 0;
        if (message.RetryPriority.TypedConfig is not { } config || TypedConfig.NameOf(config) != ProtoName.Of<PreviousPrioritiesConfig>())
        {
            context.Ignore($"retry_priority '{message.RetryPriority.Name}'", "only previous_priorities is implemented");
            return 0;
        }

        return context.TryRead(config, "retry_priority.typed_config", out PreviousPrioritiesConfig? priorities)
            ? (int)context.ReadNumber((uint)priorities.UpdateFrequency, "retry_priority.typed_config.update_frequency", absent: 1, min: 1, max: int.MaxValue)
            : 0;
    }

    private static void IgnoreWhatOnlyTunes(Proto message, DecodeContext context)
    {
        if (message.RetryOptionsPredicates.Count > 0)
            context.Ignore("retry_options_predicates", "none is implemented");
    }
}
