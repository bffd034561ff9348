using System.Collections.Frozen;
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

    private static readonly TimeSpan DefaultBaseInterval = TimeSpan.FromMilliseconds(25);

    private static readonly FrozenDictionary<string, RetryOn> Tokens = new Dictionary<string, RetryOn>
    {
        ["5xx"] = RetryOn.ServerError,
        ["gateway-error"] = RetryOn.GatewayError,
        ["reset"] = RetryOn.Reset,
        ["reset-before-request"] = RetryOn.ResetBeforeRequest,
        ["connect-failure"] = RetryOn.ConnectFailure,
        ["envoy-ratelimited"] = RetryOn.EnvoyRateLimited,
        ["retriable-4xx"] = RetryOn.Retriable4xx,
        ["refused-stream"] = RetryOn.RefusedStream,
        ["retriable-status-codes"] = RetryOn.RetriableStatusCodes,
        ["retriable-headers"] = RetryOn.RetriableHeaders,
        ["cancelled"] = RetryOn.GrpcCancelled,
        ["deadline-exceeded"] = RetryOn.GrpcDeadlineExceeded,
        ["resource-exhausted"] = RetryOn.GrpcResourceExhausted,
        ["internal"] = RetryOn.GrpcInternal,
        ["unavailable"] = RetryOn.GrpcUnavailable,
        // There is no HTTP/3 upstream that could fail.
        ["http3-post-connect-failure"] = RetryOn.None,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Decodes field <paramref name="name"/> of the current message.</summary>
    public static RetryPolicyConfig Decode(Proto message, string name, DecodeContext context)
    {
        using var scope = context.Field(name);
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
            AvoidPreviousHosts = DecodeHostPredicates(message, context),
            PreviousPrioritiesUpdateFrequency = DecodePriority(message, context),
            HostSelectionAttempts = message.HostSelectionRetryMaxAttempts == 0 ? 1 : (int)Math.Clamp(message.HostSelectionRetryMaxAttempts, 1, int.MaxValue),
        };
    }

    /// <summary>Commas separate; istiod sends empty tokens.</summary>
    private static RetryOn DecodeConditions(string text, DecodeContext context)
    {
        var result = RetryOn.None;
        foreach (var token in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Tokens.TryGetValue(token, out var condition))
                result |= condition;
            else
                context.Ignore($"retry_on '{token}'", "it is not known");
        }

        return result;
    }

    private static (TimeSpan Base, TimeSpan Max) DecodeBackOff(Proto message, DecodeContext context)
    {
        if (message.RetryBackOff is null)
            return (DefaultBaseInterval, DefaultBaseInterval * 10);
        using var scope = context.Field("retry_back_off");
        var baseInterval = DurationDecoder.Decode(message.RetryBackOff.BaseInterval, "base_interval", context);
        if (baseInterval is null || baseInterval <= TimeSpan.Zero)
        {
            context.Refuse("base_interval", "must be set and greater than zero");
            return (DefaultBaseInterval, DefaultBaseInterval * 10);
        }

        var maxInterval = DurationDecoder.Decode(message.RetryBackOff.MaxInterval, "max_interval", context);
        if (maxInterval < baseInterval)
            context.RefuseValue("max_interval", Seconds(maxInterval.Value), $"base_interval ({Seconds(baseInterval.Value)}) or more");
        return (baseInterval.Value, maxInterval ?? baseInterval.Value * 10);
    }

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
        if (message.RateLimitedRetryBackOff is not null)
            context.Ignore("rate_limited_retry_back_off", "retries wait as retry_back_off says");
        if (message.RetryOptionsPredicates.Count > 0)
            context.Ignore("retry_options_predicates", "none is implemented");
    }
}
