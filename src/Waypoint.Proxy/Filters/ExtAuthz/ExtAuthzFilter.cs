using Waypoint.Model.Failures;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>Asks an outside service about a request and does what it says (<c>envoy.filters.http.ext_authz</c>). What an answer means is the model's; this asks, waits
/// and applies.</summary>
internal sealed class ExtAuthzFilter(ExtAuthzFilterConfig config) : IHttpFilter
{
    public ValueTask<bool> ApplyAsync(HttpExchange exchange)
    {
        Model.FilterChains.HttpFilterRouteConfig? route = exchange.FilterConfig(config.Name);
        if (route is { Disabled: true })
        {
            return new(true);
        }

        if (config.Checks(exchange.Metadata, HttpExchange.RandomValue()))
        {
            return CheckAsync(exchange, route as ExtAuthzRouteConfig);
        }

        return config.DenyAtDisable ? RefuseAsync(exchange, FailureReason.AuthorizerFailed, config.StatusOnError) : new(true);
    }

    private async ValueTask<bool> CheckAsync(HttpExchange exchange, ExtAuthzRouteConfig? route)
    {
        CheckBody body = CheckBody.None;
        if (BodySettings(exchange, route) is { } settings)
        {
            body = await CheckBody.ReadAsync(exchange, settings).ConfigureAwait(false);
            if (body.IsTooLarge)
            {
                return await RefuseAsync(exchange, FailureReason.BodyTooLarge).ConfigureAwait(false);
            }
        }

        CheckAnswer answer = await AskAsync(exchange, route, body).ConfigureAwait(false);
        if (exchange.ClientGone.IsCancellationRequested)
        {
            return await RefuseAsync(exchange, FailureReason.ClientGone).ConfigureAwait(false);
        }

        if (answer.Metadata is { } metadata && config.TakesMetadata)
        {
            exchange.Metadata.Merge(ExtAuthzFilterConfig.MetadataNamespace, metadata);
        }

        switch (answer.Outcome)
        {
            case CheckOutcome.Allowed:
                return await PassAsync(exchange, answer).ConfigureAwait(false);
            case CheckOutcome.Denied:
                return await ReplyAsync(exchange, FailureReason.AuthorizerDenied, answer, FailureTable.Of(FailureReason.AuthorizerDenied).Status).ConfigureAwait(false);
            default:
                return await FailAsync(exchange, answer).ConfigureAwait(false);
        }
    }

    private CheckBodySettings? BodySettings(HttpExchange exchange, ExtAuthzRouteConfig? route)
    {
        CheckBodySettings? settings = route is { WithoutBody: true } ? null : route?.Body ?? config.Body;
        if (settings is null || !exchange.CanHaveBody)
        {
            return null;
        }

        // What follows an upgrade is a conversation, no body.
        return exchange.IsUpgrade ? null : settings;
    }

    private Task<CheckAnswer> AskAsync(HttpExchange exchange, ExtAuthzRouteConfig? route, CheckBody body) => (route?.Service ?? config.Service) switch
    {
        GrpcAuthorizerService grpc => GrpcAuthorizer.AskAsync(exchange, grpc, CheckRequestWriter.OfRequest(exchange, config, route, body)),
        HttpAuthorizerService http => HttpAuthorizer.AskAsync(exchange, config with { Service = http }, http, body),
        _ => Task.FromResult(CheckAnswer.Failed),
    };

    private async ValueTask<bool> PassAsync(HttpExchange exchange, CheckAnswer answer)
    {
        if (!RequestChange.TryApply(exchange, answer, config.MutationRules))
        {
            return await RefuseAsync(exchange, FailureReason.AuthorizerInvalid).ConfigureAwait(false);
        }

        if (answer.ResponseHeaders.Count > 0)
        {
            exchange.OnResponse(new AuthorizerResponseEdit(answer.ResponseHeaders));
        }

        if (config.ClearRouteCache && answer.ChangesRequest)
        {
            exchange.FindRoute(exchange.Config!);
        }

        return true;
    }

    private async ValueTask<bool> FailAsync(HttpExchange exchange, CheckAnswer answer)
    {
        if (!config.FailureModeAllow)
        {
            return await ReplyAsync(exchange, FailureReason.AuthorizerFailed, answer, config.StatusOnError).ConfigureAwait(false);
        }

        if (config.FailureModeAllowHeaderAdd)
        {
            exchange.MayHaveEnvoyHeaders = true;
            exchange.RequestHeaders[ExtAuthzFilterConfig.FailureModeHeader] = "true";
        }

        return true;
    }

    private static async ValueTask<bool> ReplyAsync(HttpExchange exchange, FailureReason reason, CheckAnswer answer, int defaultStatus)
    {
        exchange.Failure = reason;
        int status = answer.Status is >= 200 and <= 599 ? answer.Status : defaultStatus;
        ReplyHeaders.Apply(exchange.Context.Response.Headers, answer.ReplyHeaders);
        // These have no body by definition; the server would refuse to write one.
        await LocalReply.SendAsync(exchange, status, status is 204 or 205 or 304 ? default : answer.Body).ConfigureAwait(false);
        return false;
    }

    private static async ValueTask<bool> RefuseAsync(HttpExchange exchange, FailureReason reason, int? status = null)
    {
        await LocalReply.FailAsync(exchange, reason, status ?? FailureTable.Of(reason).Status).ConfigureAwait(false);
        return false;
    }
}
