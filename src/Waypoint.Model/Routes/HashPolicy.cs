using Waypoint.Model.Matching;

namespace Waypoint.Model.Routes;

/// <summary>One source of the hash that a consistent-hash balancer uses (<c>RouteAction.HashPolicy</c>). Immutable data.</summary>
/// <param name="Terminal"><c>terminal</c>: once this one yields a hash, later ones are not asked.</param>
public abstract record HashPolicy(bool Terminal)
{
    /// <summary><c>header</c>.</summary>
    /// <param name="Name">Lower case.</param>
    /// <param name="Rewrite"><c>regex_rewrite</c> of the value before hashing; null: none.</param>
    /// <param name="Terminal">See <see cref="HashPolicy"/>.</param>
    public sealed record Header(string Name, RegexSubstitution? Rewrite, bool Terminal) : HashPolicy(Terminal);

    /// <summary><c>cookie</c>.</summary>
    /// <param name="Name">The cookie's name.</param>
    /// <param name="Ttl">Null: an absent cookie is not generated; zero: it is, for the session; else its lifetime.</param>
    /// <param name="Path">Path attribute of a generated cookie; empty: none.</param>
    /// <param name="Attributes">Further attributes of a generated cookie.</param>
    /// <param name="Terminal">See <see cref="HashPolicy"/>.</param>
    public sealed record Cookie(string Name, TimeSpan? Ttl, string Path, IReadOnlyList<KeyValuePair<string, string>> Attributes, bool Terminal) : HashPolicy(Terminal);

    /// <summary><c>connection_properties.source_ip</c>.</summary>
    /// <param name="Terminal">See <see cref="HashPolicy"/>.</param>
    public sealed record SourceIp(bool Terminal) : HashPolicy(Terminal);

    /// <summary><c>query_parameter</c>.</summary>
    /// <param name="Name">The parameter's name.</param>
    /// <param name="Terminal">See <see cref="HashPolicy"/>.</param>
    public sealed record QueryParameter(string Name, bool Terminal) : HashPolicy(Terminal);

    /// <summary><c>filter_state</c>.</summary>
    /// <param name="Key">The object's name.</param>
    /// <param name="Terminal">See <see cref="HashPolicy"/>.</param>
    public sealed record FilterState(string Key, bool Terminal) : HashPolicy(Terminal);
}
