using Google.Protobuf.Collections;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Tokens;
using Proto = Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;

namespace Waypoint.Xds.Decoding.Filters;

/// <summary>Reads requirements on tokens. Always returns something; after a problem it must not be used.</summary>
/// <param name="providers">The filter's providers.</param>
/// <param name="context">Where problems go.</param>
internal sealed class JwtRequirementDecoder(IReadOnlyList<JwtProviderConfig> providers, DecodeContext context)
{
    /// <summary>Lists within each other; deeper ones are refused.</summary>
    private const int MaxDepth = 16;

    private readonly TokenLocations[] _places = [.. providers.Select(TokenLocations.Of)];
    private readonly TokenLocations _allPlaces = TokenLocations.Of(providers);

    /// <summary>Reads the current message.</summary>
    public JwtRequirement Decode(Proto.JwtRequirement message) => Decode(message, 0);

    private JwtRequirement Decode(Proto.JwtRequirement message, int depth)
    {
        switch (message.RequiresTypeCase)
        {
            case Proto.JwtRequirement.RequiresTypeOneofCase.ProviderName:
                return Provider(message.ProviderName, "provider_name", []);
            case Proto.JwtRequirement.RequiresTypeOneofCase.ProviderAndAudiences:
                return Provider(message.ProviderAndAudiences.ProviderName, "provider_and_audiences.provider_name", message.ProviderAndAudiences.Audiences);
            case Proto.JwtRequirement.RequiresTypeOneofCase.RequiresAny:
                return Any(message.RequiresAny.Requirements, depth);
            case Proto.JwtRequirement.RequiresTypeOneofCase.RequiresAll:
                return new AllRequirement(Parts(message.RequiresAll.Requirements, "requires_all.requirements", depth));
            case Proto.JwtRequirement.RequiresTypeOneofCase.AllowMissingOrFailed:
                return AllowMissingOrFailed();
            case Proto.JwtRequirement.RequiresTypeOneofCase.AllowMissing:
                return AllowMissing();
            default:
                return new NoRequirement();
        }
    }

    private TokenRequirement AllowMissing() => new(_allPlaces, AllowMissing: true);

    private TokenRequirement AllowMissingOrFailed() => new(_allPlaces, AllowMissing: true, AllowFailed: true);

    private JwtRequirement Provider(string name, string field, RepeatedField<string> audiences)
    {
        for (int i = 0; i < providers.Count; i++)
        {
            if (providers[i].Name == name)
                return new TokenRequirement(_places[i], i, audiences.Count == 0 ? null : new AudienceSet(audiences));
        }

        context.RefuseValue(field, $"'{name}'", $"one of {string.Join(", ", providers.Select(static provider => provider.Name))}");
        return new NoRequirement();
    }

    private JwtRequirement Any(RepeatedField<Proto.JwtRequirement> messages, int depth)
    {
        bool missing = messages.Any(static message => message.RequiresTypeCase == Proto.JwtRequirement.RequiresTypeOneofCase.AllowMissing);
        bool failed = messages.Any(static message => message.RequiresTypeCase == Proto.JwtRequirement.RequiresTypeOneofCase.AllowMissingOrFailed);
        JwtRequirement[] parts = Parts(messages, "requires_any.requirements", depth);
        // What only allows is no part of its own beside others: it does not look at tokens that they do not look at.
        JwtRequirement[] looking = [.. parts.Where(static part => part is not TokenRequirement { Provider: null })];
        if (looking.Length == 0 && failed)
            return AllowMissingOrFailed();
        if (looking.Length == 0 && missing)
            return AllowMissing();
        return new AnyRequirement(looking, missing, failed);
    }

    private JwtRequirement[] Parts(RepeatedField<Proto.JwtRequirement> messages, string field, int depth)
    {
        if (depth >= MaxDepth)
        {
            context.Refuse(field, $"is nested deeper than {MaxDepth}");
            return [];
        }

        var parts = new JwtRequirement[messages.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            using DecodeScope scope = context.Field(field, i);
            parts[i] = Decode(messages[i], depth + 1);
        }

        return parts;
    }
}
