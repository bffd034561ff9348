using System.Globalization;
using Google.Protobuf.Collections;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;
using Waypoint.Xds.Decoding.Matching;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>envoy.config.route.v3.Route</c> within one virtual host.</summary>
internal sealed class RouteDecoder(string virtualHost, string table, InheritedRouteSettings inherited, RouteDecoding decoding)
{
    private readonly DecodeContext _context = decoding.Context;

    internal RouteDecoding Decoding => decoding;

    internal InheritedRouteSettings Inherited => inherited;

    internal Route[] DecodeAll(RepeatedField<Proto.Route> messages)
    {
        var result = new Route[messages.Count];
        for (var i = 0; i < result.Length; i++)
            result[i] = Decode(messages[i], i);
        return result;
    }

    /// <summary>Decodes one route; a nameless one is called by its position.</summary>
    internal Route Decode(Proto.Route message, int position)
    {
        using var scope = _context.Within(message.Name.Length > 0
            ? new DecodeSubject("Route '{0}' in virtual host '{1}' of route table '{2}'", message.Name, virtualHost, table)
            : new DecodeSubject("Route {0} in virtual host '{1}' of route table '{2}'", position.ToString(CultureInfo.InvariantCulture), virtualHost, table));
        if (message.Tracing is not null)
            _context.Ignore("tracing", "spans follow the connection manager's settings");
        var condition = RouteConditionDecoder.Decode(message.Match, _context);
        return new Route
        {
            Name = SharedText.Of(message.Name),
            Condition = condition.Condition,
            Action = DecodeAction(message, condition),
            IstioConfig = IstioConfig(message),
            Metadata = Metadata(message),
            DecoratorOperation = message.Decorator is { } decorator ? SharedText.Of(decorator.Operation) : null,
            RequestHeaders = HeaderEditsDecoder.DecodeRequest(message.RequestHeadersToAdd, message.RequestHeadersToRemove, _context),
            ResponseHeaders = HeaderEditsDecoder.DecodeResponse(message.ResponseHeadersToAdd, message.ResponseHeadersToRemove, _context),
            RetryPolicy = DecodeRetryPolicy(message.Route_),
            FilterConfigs = RouteFilterConfigDecoder.Decode(message.TypedPerFilterConfig, inherited.FilterConfigs, decoding),
            BodyBufferLimit = message.RequestBodyBufferLimit ?? message.PerRequestBufferLimitBytes ?? inherited.BodyBufferLimit,
            StatPrefix = SharedText.Of(message.StatPrefix),
        };
    }

    private RouteAction DecodeAction(Proto.Route message, DecodedCondition condition)
    {
        switch (message.ActionCase)
        {
            case Proto.Route.ActionOneofCase.Route_:
                using (_context.Field("route"))
                    return new ForwardActionDecoder(this).Decode(message.Route_, condition);
            case Proto.Route.ActionOneofCase.Redirect:
                using (_context.Field("redirect"))
                    return RedirectActionDecoder.Decode(message.Redirect, condition, _context);
            case Proto.Route.ActionOneofCase.DirectResponse:
                using (_context.Field("direct_response"))
                    return DirectResponseDecoder.Decode(message.DirectResponse, decoding);
            default:
                _context.Refuse("action", "is missing or of an unsupported kind", message.ActionCase.ToString(), "route, redirect or direct_response");
                return new UnroutableAction("no action");
        }
    }

    private RetryPolicyConfig? DecodeRetryPolicy(Proto.RouteAction? action)
    {
        if (action?.RetryPolicy is null)
            return inherited.RetryPolicy;
        using var scope = _context.Field("route");
        return RetryPolicyDecoder.Decode(action.RetryPolicy, "retry_policy", _context);
    }

    private static FixedMetadata Metadata(Proto.Route message) => message.Metadata is { FilterMetadata.Count: > 0 } metadata
        ? new FixedMetadata(metadata.FilterMetadata.Select(static entry => KeyValuePair.Create(entry.Key, MetadataMatcherDecoder.ToModel(entry.Value))))
        : FixedMetadata.None;

    private static string? IstioConfig(Proto.Route message) =>
        message.Metadata is not null
        && message.Metadata.FilterMetadata.TryGetValue("istio", out var istio)
        && istio.Fields.TryGetValue("config", out var config)
            ? config.StringValue
            : null;
}
