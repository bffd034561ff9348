using System.Globalization;
using System.Text;
using Waypoint.Model.Matching;
using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>A token whose signature was verified, with everything that it puts into a request made ready. Immutable.</summary>
public sealed class VerifiedToken
{
    private VerifiedToken(Jwt token, int provider, JwtProviderConfig config)
    {
        Token = token;
        Provider = provider;
        Config = config;
        if (config.ForwardPayloadHeader.Length > 0)
            PayloadHeader = config.PadForwardPayload ? token.PayloadText.PadRight((token.PayloadText.Length + 3) / 4 * 4, '=') : token.PayloadText;
        ClaimHeaders = [.. HeadersOf(token, config)];
        Metadata = MetadataOf(token, config);
        ChangesRoute = config.ClearRouteCache && (ClaimHeaders.Count > 0 || config.PayloadInMetadata.Length > 0);
    }

    /// <summary>The token.</summary>
    public Jwt Token { get; }

    /// <summary>Index of the provider whose keys verified it.</summary>
    public int Provider { get; }

    /// <summary>That provider.</summary>
    public JwtProviderConfig Config { get; }

    /// <summary>Value of the payload header; null if there is none.</summary>
    public string? PayloadHeader { get; }

    /// <summary>Headers made from claims that the token has.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ClaimHeaders { get; }

    /// <summary>Fields for the filter's dynamic metadata; null if there are none.</summary>
    public MetadataValue? Metadata { get; }

    /// <summary>True if the route has to be chosen again.</summary>
    public bool ChangesRoute { get; }

    /// <summary>Makes everything ready. To be called after the signature was verified, and only then.</summary>
    public static VerifiedToken Create(Jwt token, int provider, JwtProviderConfig config) => new(token, provider, config);

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(Jwt token, JwtProviderConfig config)
    {
        foreach (var header in config.ClaimHeaders)
        {
            MetadataValue? claim = token.Payload;
            foreach (var name in header.Claim)
                claim = claim?.Field(name);
            if (claim is not null && TextOf(claim) is { Length: > 0 } text && ToHeaderValue(text) is { } value)
                yield return new(header.Header, value);
        }
    }

    /// <summary>As Envoy writes claims: whole numbers as such, other numbers with six decimals, lists and objects as base64 of their JSON.</summary>
    private static string TextOf(MetadataValue claim) => claim.Kind switch
    {
        MetadataKind.Text => claim.Text,
        MetadataKind.Bool => claim.Bool ? "true" : "false",
        MetadataKind.Number when claim.Number is >= 0 and < 18446744073709551616.0 && claim.Number == Math.Floor(claim.Number) =>
            ((ulong)claim.Number).ToString(CultureInfo.InvariantCulture),
        MetadataKind.Number => claim.Number.ToString("F6", CultureInfo.InvariantCulture),
        MetadataKind.List or MetadataKind.Struct => Convert.ToBase64String(Encoding.UTF8.GetBytes(MetadataText.Render(claim))),
        _ => "",
    };

    /// <summary>UTF-8 as header bytes. A claim with control characters gets no header: it must not be able to write another one.</summary>
    private static string? ToHeaderValue(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) && c != '\t')
                return null;
        }

        return Ascii.IsValid(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
    }

    private static MetadataValue? MetadataOf(Jwt token, JwtProviderConfig config)
    {
        var fields = new List<KeyValuePair<string, MetadataValue>>();
        if (config.HeaderInMetadata.Length > 0)
            fields.Add(new(config.HeaderInMetadata, token.Header));
        if (config.PayloadInMetadata.Length > 0)
            fields.Add(new(config.PayloadInMetadata, WithLists(token.Payload, config.SpaceDelimitedClaims)));
        return fields.Count == 0 ? null : MetadataValue.Of(fields);
    }

    private static MetadataValue WithLists(MetadataValue payload, IReadOnlyList<string> spaceDelimited)
    {
        var lists = new List<KeyValuePair<string, MetadataValue>>();
        foreach (var claim in spaceDelimited)
        {
            if (payload.Field(claim) is not { Kind: MetadataKind.Text } text)
                continue;
            var words = text.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // A text without words stays what it is, as in Envoy.
            if (words.Length > 0)
                lists.Add(new(claim, MetadataValue.Of([.. words.Select(MetadataValue.Of)])));
        }

        return lists.Count == 0 ? payload : payload.With(MetadataValue.Of(lists));
    }
}
