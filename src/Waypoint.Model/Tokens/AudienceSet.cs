namespace Waypoint.Model.Tokens;

/// <summary>Audiences that a provider accepts. Compared without <c>http://</c> or <c>https://</c> in front and without a slash at the end, as Envoy does. Immutable.</summary>
/// <param name="audiences">None: every token is accepted.</param>
public sealed class AudienceSet(IReadOnlyList<string> audiences)
{
    private readonly string[] _audiences = [.. audiences.Select(static audience => Bare(audience).ToString()).Distinct()];

    /// <summary>Accepts every token.</summary>
    public static AudienceSet Any { get; } = new([]);

    /// <summary>True if one of the token's audiences is accepted. Pure; does not allocate.</summary>
    public bool Allows(IReadOnlyList<string> tokenAudiences)
    {
        if (_audiences.Length == 0)
            return true;
        for (var i = 0; i < tokenAudiences.Count; i++)
        {
            var bare = Bare(tokenAudiences[i]);
            foreach (var audience in _audiences)
            {
                if (bare.SequenceEqual(audience))
                    return true;
            }
        }

        return false;
    }

    /// <summary>The audiences, for explanations.</summary>
    public override string ToString() => _audiences.Length == 0 ? "any audience" : string.Join(", ", _audiences);

    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> audience)
    {
        var start = audience.StartsWith("http://") ? 7 : audience.StartsWith("https://") ? 8 : 0;
        var end = audience.EndsWith('/') ? audience.Length - 1 : audience.Length;
        return start <= end ? audience[start..end] : default;
    }
}
