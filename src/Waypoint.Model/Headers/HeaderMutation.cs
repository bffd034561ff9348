using Waypoint.Model.Matching;

namespace Waypoint.Model.Headers;

/// <summary>One step of a <see cref="HeaderMutationList"/> (<c>envoy.config.common.mutation_rules.v3.HeaderMutation</c>). One of the three is set.</summary>
/// <param name="Add"><c>append</c>: a value to set or add.</param>
/// <param name="Remove"><c>remove</c>: a name, lower case.</param>
/// <param name="RemoveMatching"><c>remove_on_match.key_matcher</c>: which names.</param>
public sealed record HeaderMutation(HeaderAddition? Add = null, string? Remove = null, StringMatcher? RemoveMatching = null);
