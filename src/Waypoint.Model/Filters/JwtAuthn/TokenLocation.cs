using Waypoint.Model.Requests;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>One place where tokens of certain issuers are looked for. Immutable.</summary>
/// <param name="place">Which part of the request.</param>
/// <param name="name">Header (lower case), parameter or cookie.</param>
/// <param name="prefix"><c>value_prefix</c> of a header, with its space; empty for the whole value.</param>
/// <param name="issuers">Issuers that may be found here; an empty one stands for every issuer.</param>
public sealed class TokenLocation(TokenPlace place, string name, string prefix, IReadOnlyList<string> issuers)
{
    private readonly string[] _issuers = [.. issuers];

    /// <summary>Which part of the request.</summary>
    public TokenPlace Place { get; } = place;

    /// <summary>Header (lower case), parameter or cookie.</summary>
    public string Name { get; } = name;

    /// <summary>What stands in front of the token; empty: nothing.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>True if tokens of that issuer may be found here.</summary>
    public bool AllowsIssuer(string issuer)
    {
        foreach (var allowed in _issuers)
        {
            if (allowed.Length == 0 || allowed == issuer)
                return true;
        }

        return false;
    }

    /// <summary>Takes the token out of the request. Cookies stay, as in Envoy.</summary>
    public void Remove<THeaders>(ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        if (Place == TokenPlace.Header)
            headers.Remove(Name);
        else if (Place == TokenPlace.QueryParameter && headers.Count(HeaderNames.Path) > 0)
            headers.Set(HeaderNames.Path, QueryParameters.Without(headers.Get(HeaderNames.Path, 0), Name));
    }

    /// <summary>The place in words, for explanations.</summary>
    public override string ToString() => $"{Place} {Name}{(Prefix.Length > 0 ? $" after '{Prefix}'" : "")}";
}
