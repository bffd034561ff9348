using Waypoint.Model.Matching;
using Waypoint.Model.Routes;
using Waypoint.Protos.Envoy.Extensions.Path.Match.UriTemplate.V3;
using Waypoint.Xds.Decoding.Matching;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>envoy.config.route.v3.RouteMatch</c>.</summary>
internal sealed class RouteConditionDecoder
{
    private static readonly SharedParts<Proto.RouteMatch, DecodedCondition> Shared = new();
    private readonly DecodeContext _context;
    private PathTemplate? _template;

    private RouteConditionDecoder(DecodeContext context) => _context = context;

    /// <summary>Decodes field <c>match</c> of the current message.</summary>
    internal static DecodedCondition Decode(Proto.RouteMatch? message, DecodeContext context)
    {
        using var scope = context.Field("match");
        if (message is not null)
            return Shared.Get(message, context, static (found, context) => new RouteConditionDecoder(context).Decode(found));
        context.Refuse("", "is required");
        return new DecodedCondition(new RouteCondition { Path = PathCondition.Prefix("/") }, null);
    }

    private DecodedCondition Decode(Proto.RouteMatch message)
    {
        var condition = new RouteCondition
        {
            Path = DecodePath(message),
            Headers = HeaderMatcherDecoder.DecodeAll(message.Headers, "headers", _context),
            QueryParameters = HeaderMatcherDecoder.DecodeAll(message.QueryParameters, "query_parameters", _context),
            Metadata = DecodeMetadata(message),
            FilterState = DecodeFilterState(message),
            Fraction = FractionDecoder.Decode(message.RuntimeFraction, "runtime_fraction", _context),
            GrpcOnly = message.Grpc is not null,
            PeerCertificatePresented = message.TlsContext?.Presented,
            PeerCertificateValidated = message.TlsContext?.Validated,
        };
        return new DecodedCondition(condition, _template);
    }

    private PathCondition DecodePath(Proto.RouteMatch message)
    {
        var ignoreCase = message.CaseSensitive == false;
        switch (message.PathSpecifierCase)
        {
            case Proto.RouteMatch.PathSpecifierOneofCase.Prefix:
                return PathCondition.Prefix(message.Prefix, ignoreCase);
            case Proto.RouteMatch.PathSpecifierOneofCase.Path:
                return PathCondition.Exact(message.Path, ignoreCase);
            case Proto.RouteMatch.PathSpecifierOneofCase.SafeRegex:
                return PathCondition.Regex(StringMatcherDecoder.DecodeRegex(message.SafeRegex, "safe_regex", _context));
            case Proto.RouteMatch.PathSpecifierOneofCase.PathSeparatedPrefix:
                return DecodeSeparatedPrefix(message.PathSeparatedPrefix, ignoreCase);
            case Proto.RouteMatch.PathSpecifierOneofCase.ConnectMatcher:
                return PathCondition.Connect();
            case Proto.RouteMatch.PathSpecifierOneofCase.PathMatchPolicy:
                return DecodePolicy(message);
            default:
                _context.Refuse("path_specifier", "is required", accepted: "prefix, path, safe_regex, path_separated_prefix, path_match_policy or connect_matcher");
                return PathCondition.Prefix("/");
        }
    }

    private PathCondition DecodeSeparatedPrefix(string prefix, bool ignoreCase)
    {
        if (prefix.Length < 2 || prefix.EndsWith('/') || prefix.AsSpan().ContainsAny('?', '#'))
            _context.RefuseValue("path_separated_prefix", $"'{prefix}'", "two characters or more without ? and # and without a slash at the end");
        return PathCondition.SeparatedPrefix(prefix, ignoreCase);
    }

    private PathCondition DecodePolicy(Proto.RouteMatch message)
    {
        if (_context.TryRead(message.PathMatchPolicy.TypedConfig, "path_match_policy.typed_config", out UriTemplateMatchConfig? config))
            _template = PathMatcherDecoder.DecodeTemplate(config.PathTemplate, "path_match_policy.typed_config.path_template", _context);
        return _template is null ? PathCondition.Prefix("/") : PathCondition.Template(_template);
    }

    private MetadataMatcher[] DecodeMetadata(Proto.RouteMatch message)
    {
        if (message.DynamicMetadata.Count == 0)
            return [];
        var result = new MetadataMatcher[message.DynamicMetadata.Count];
        for (var i = 0; i < result.Length; i++)
        {
            using var scope = _context.Field("dynamic_metadata", i);
            result[i] = MetadataMatcherDecoder.Decode(message.DynamicMetadata[i], _context);
        }

        return result;
    }

    private FilterStateMatcher[] DecodeFilterState(Proto.RouteMatch message)
    {
        if (message.FilterState.Count == 0)
            return [];
        var result = new FilterStateMatcher[message.FilterState.Count];
        for (var i = 0; i < result.Length; i++)
        {
            using var scope = _context.Field("filter_state", i);
            result[i] = FilterStateMatcherDecoder.Decode(message.FilterState[i], _context);
        }

        return result;
    }
}
