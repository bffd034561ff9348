using Waypoint.Model.Failures;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Routes;
using Waypoint.Model.Tokens;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>Checks the tokens of requests (<c>envoy.filters.http.jwt_authn</c>). The decisions are the model's; this finds the requirement, waits for keys and answers.</summary>
internal sealed class JwtAuthnFilter(JwtAuthnFilterConfig config, ProviderKeys keys) : IHttpFilter, IDisposable
{
    public ValueTask<bool> ApplyAsync(HttpExchange exchange)
    {
        var headers = new RequestHeaderView(exchange);
        if (config.IsBypassed(exchange.Method, headers))
        {
            keys.Counters.CountBypassed();
            return new(true);
        }

        if (!TryFindRequirement(exchange, headers, out JwtRequirement? requirement, out string problem))
        {
            return RefuseAsync(exchange, JwtReply.OfRoute(problem, config.StripFailureResponse));
        }

        if (requirement is null)
        {
            keys.Counters.CountAllowed();
            return new(true);
        }

        // As the client sent it: the evaluation may take a token out of it.
        string path = exchange.Path;
        JwtOutcome outcome = Evaluate(exchange, requirement, []);
        return outcome.MissingKeys is null ? EndAsync(exchange, outcome, path) : FetchAndEvaluateAsync(exchange, requirement, outcome, path);
    }

    /// <summary>The filter's chain is gone: its keys are not refreshed any more. Requests that run may still ask for them.</summary>
    public void Dispose() => keys.Dispose();

    private bool TryFindRequirement(HttpExchange exchange, RequestHeaderView headers, out JwtRequirement? requirement, out string problem)
    {
        problem = "";
        requirement = null;
        switch (exchange.FilterConfig(config.Name))
        {
            case JwtRouteConfig route:
                return config.TryFindRequirement(route, out requirement, out problem);
            case { Disabled: true }:
                return true;
        }

        requirement = config.FindRequirement(new RouteQuery<RequestHeaderView>
        {
            Headers = headers,
            Method = exchange.Method,
            Scheme = exchange.Scheme,
            Authority = exchange.Authority,
            Path = exchange.Path,
            FilterState = exchange.Tunnel.State,
        });
        return true;
    }

    private JwtOutcome Evaluate(HttpExchange exchange, JwtRequirement requirement, ReadOnlySpan<KeySetAnswer> fetched)
    {
        var edits = new RequestHeaderEdits(exchange);
        return config.Evaluate(requirement, keys, fetched, ref edits, exchange.Metadata, exchange.Time.GetUtcNow());
    }

    /// <summary>Each round fetches the keys of one more provider, so there is an end.</summary>
    private async ValueTask<bool> FetchAndEvaluateAsync(HttpExchange exchange, JwtRequirement requirement, JwtOutcome outcome, string path)
    {
        var fetched = new KeySetAnswer[config.Providers.Count];
        while (outcome.MissingKeys is { } provider)
        {
            fetched[provider] = await keys.FetchAsync(provider, exchange.ClientGone).ConfigureAwait(false);
            outcome = Evaluate(exchange, requirement, fetched);
        }

        return await EndAsync(exchange, outcome, path).ConfigureAwait(false);
    }

    private ValueTask<bool> EndAsync(HttpExchange exchange, JwtOutcome outcome, string path)
    {
        if (outcome.Status != JwtStatus.Ok)
        {
            return RefuseAsync(exchange, JwtReply.Of(outcome.Status, config.StripFailureResponse, exchange.Scheme, exchange.Authority, path));
        }

        keys.Counters.CountAllowed();
        if (!ReferenceEquals(exchange.Path, path))
        {
            // A token was taken out of the query: it must not reach the log either.
            exchange.OriginalPath = exchange.Path;
        }

        if (outcome.ChangesRoute && exchange.Config is { } connection)
        {
            exchange.FindRoute(connection);
        }

        return new(true);
    }

    private async ValueTask<bool> RefuseAsync(HttpExchange exchange, JwtReply reply)
    {
        keys.Counters.CountDenied();
        exchange.Failure = FailureReason.TokenRefused;
        exchange.Details = reply.Details;
        if (reply.Challenge is { } challenge)
        {
            exchange.Context.Response.Headers.WWWAuthenticate = challenge;
        }

        await LocalReply.SendAsync(exchange, reply.Status, reply.Body).ConfigureAwait(false);
        return false;
    }
}
