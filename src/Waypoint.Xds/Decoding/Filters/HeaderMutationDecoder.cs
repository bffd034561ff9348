using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.HeaderMutation;
using Waypoint.Model.Headers;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Xds.Decoding.Matching;
using Waypoint.Xds.Decoding.Routes;
using Action = Waypoint.Protos.Envoy.Config.Core.V3.KeyValueAppend.Types.KeyValueAppendAction;
using Filter = Waypoint.Protos.Envoy.Extensions.Filters.Http.HeaderMutation.V3.HeaderMutation;
using HeaderMutationPerRoute = Waypoint.Protos.Envoy.Extensions.Filters.Http.HeaderMutation.V3.HeaderMutationPerRoute;
using Mutation = Waypoint.Protos.Envoy.Config.Common.MutationRules.V3.HeaderMutation;
using Mutations = Waypoint.Protos.Envoy.Extensions.Filters.Http.HeaderMutation.V3.Mutations;

namespace Waypoint.Xds.Decoding.Filters;

/// <summary>Reads the settings of the header mutation filter.</summary>
public static class HeaderMutationDecoder
{
    /// <summary>Reads <c>envoy.extensions.filters.http.header_mutation.v3.HeaderMutation</c>; the path stands at the filter.</summary>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    internal static HeaderMutationFilterConfig? DecodeHttp(string name, Any config, DecodeContext context)
    {
        if (!context.TryRead(config, "typed_config", out Filter? message))
            return null;
        using DecodeScope scope = context.Field("typed_config");
        return new HeaderMutationFilterConfig(name, DecodeSet(message.Mutations, context), message.MostSpecificHeaderMutationsWins);
    }

    /// <summary>Reads <c>HeaderMutationPerRoute</c>, a value of <c>typed_per_filter_config</c>, at which the path stands.</summary>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    internal static HeaderMutationRouteConfig? DecodePerRoute(Any config, DecodeContext context) =>
        context.TryRead(config, "", out HeaderMutationPerRoute? message) ? new HeaderMutationRouteConfig([DecodeSet(message.Mutations, context)]) : null;

    /// <summary>Reads a list of mutations in field <paramref name="name"/> of the current message.</summary>
    public static HeaderMutationList DecodeList(IReadOnlyList<Mutation> messages, string name, DecodeContext context)
    {
        var steps = new HeaderMutation[messages.Count];
        for (int i = 0; i < steps.Length; i++)
        {
            using DecodeScope scope = context.Field(name, i);
            steps[i] = DecodeStep(messages[i], context);
        }

        return steps.Length == 0 ? HeaderMutationList.None : new HeaderMutationList(steps);
    }

    private static MutationSet DecodeSet(Mutations? message, DecodeContext context)
    {
        if (message is null)
            return MutationSet.None;
        using DecodeScope scope = context.Field("mutations");
        if (message.RequestTrailersMutations.Count > 0)
            context.Ignore("request_trailers_mutations", "trailers of requests are not forwarded");
        return new MutationSet
        {
            Request = DecodeList(message.RequestMutations, "request_mutations", context),
            Query = DecodeQuery(message.QueryParameterMutations, context),
            Response = DecodeList(message.ResponseMutations, "response_mutations", context),
            ResponseTrailers = DecodeList(message.ResponseTrailersMutations, "response_trailers_mutations", context),
        };
    }

    private static HeaderMutation DecodeStep(Mutation message, DecodeContext context)
    {
        switch (message.ActionCase)
        {
            case Mutation.ActionOneofCase.Remove:
                return new HeaderMutation(Remove: HeaderEditsDecoder.DecodeName(message.Remove, "remove", context));
            case Mutation.ActionOneofCase.Append:
                using (context.Field("append"))
                    return new HeaderMutation(Add: HeaderEditsDecoder.DecodeAddition(message.Append, context));
            case Mutation.ActionOneofCase.RemoveOnMatch when message.RemoveOnMatch.KeyMatcher is { } matcher:
                return new HeaderMutation(RemoveMatching: StringMatcherDecoder.Decode(matcher, "remove_on_match.key_matcher", context));
            default:
                context.Refuse("action", "is required", accepted: "append, remove or remove_on_match with key_matcher");
                return new HeaderMutation();
        }
    }

    private static QueryMutation[] DecodeQuery(RepeatedField<KeyValueMutation> messages, DecodeContext context)
    {
        var mutations = new QueryMutation[messages.Count];
        for (int i = 0; i < mutations.Length; i++)
        {
            using DecodeScope scope = context.Field("query_parameter_mutations", i);
            mutations[i] = DecodeQueryStep(messages[i], context);
        }

        return mutations;
    }

    private static QueryMutation DecodeQueryStep(KeyValueMutation message, DecodeContext context)
    {
        if (message.Append is not { } append)
        {
            if (message.Remove.Length == 0)
                context.Refuse("remove", "is required", accepted: "append or remove");
            return new QueryMutation(message.Remove, null, default);
        }

        using DecodeScope scope = context.Field("append");
        string name = append.Record?.Key ?? append.Entry?.Key ?? "";
        string value = append.Record is { } record ? TextOf(record.Value, context) : append.Entry?.Value.ToStringUtf8() ?? "";
        if (name.Length == 0)
            context.Refuse("record.key", "is required");
        if (!HeaderFormat.TryParse(value, out HeaderFormat? format, out string? problem))
        {
            context.Refuse("record.value", problem, value, $"%% and the operators {HeaderFormat.SupportedOperators}");
            format = HeaderFormat.Literal("");
        }

        return new QueryMutation(name, format, append.Action switch
        {
            Action.AddIfAbsent => HeaderAppendAction.AddIfAbsent,
            Action.OverwriteIfExistsOrAdd => HeaderAppendAction.OverwriteIfExistsOrAdd,
            Action.OverwriteIfExists => HeaderAppendAction.OverwriteIfExists,
            _ => HeaderAppendAction.AppendIfExistsOrAdd,
        });
    }

    private static string TextOf(Value? value, DecodeContext context)
    {
        if (value?.KindCase == Value.KindOneofCase.StringValue)
            return value.StringValue;
        context.Refuse("record.value", "has to be a string");
        return "";
    }
}
