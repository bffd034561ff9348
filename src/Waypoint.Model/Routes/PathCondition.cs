using Waypoint.Model.Matching;

namespace Waypoint.Model.Routes;

/// <summary>What a route asks of the path (<c>RouteMatch.path_specifier</c>). Immutable.</summary>
public abstract class PathCondition
{
    private protected PathCondition()
    {
    }

    /// <summary>Characters that the condition takes up when it fits: <c>prefix_rewrite</c> replaces so many; null: the whole path before the query.</summary>
    public virtual int? MatchedLength => null;

    /// <summary>True if the path fits. Pure; does not allocate.</summary>
    /// <param name="path">Without query, fragment and (if the table ignores them) parameters; meaningless for a request without path.</param>
    /// <param name="hasPath">False for a CONNECT without path.</param>
    /// <param name="isConnect">The method is CONNECT.</param>
    internal abstract bool Matches(ReadOnlySpan<char> path, bool hasPath, bool isConnect);

    /// <summary>The condition in words, for explanations.</summary>
    public abstract override string ToString();

    /// <summary><c>prefix</c>: plain characters, <c>/foo</c> fits <c>/foobar</c>.</summary>
    public static PathCondition Prefix(string prefix, bool ignoreCase = false) => new TextForm(StringMatcher.Prefix(prefix, ignoreCase), prefix.Length);

    /// <summary><c>path</c>: the whole path.</summary>
    public static PathCondition Exact(string path, bool ignoreCase = false) => new TextForm(StringMatcher.Exact(path, ignoreCase), null);

    /// <summary><c>safe_regex</c> on the whole path.</summary>
    public static PathCondition Regex(StringMatcher pattern) => new TextForm(pattern, null);

    /// <summary><c>path_separated_prefix</c>: whole segments; <paramref name="prefix"/> without a slash at its end.</summary>
    public static PathCondition SeparatedPrefix(string prefix, bool ignoreCase = false) => new SeparatedPrefixForm(prefix, ignoreCase);

    /// <summary><c>path_match_policy</c> with a URI template.</summary>
    public static PathCondition Template(PathTemplate template) => new TemplateForm(template);

    /// <summary><c>connect_matcher</c>: any CONNECT.</summary>
    public static PathCondition Connect() => new ConnectForm();

    private sealed class TextForm(StringMatcher text, int? matchedLength) : PathCondition
    {
        public override int? MatchedLength => matchedLength;

        public override string ToString() => $"path {text}";

        internal override bool Matches(ReadOnlySpan<char> path, bool hasPath, bool isConnect) => hasPath && text.Matches(path);
    }

    private sealed class SeparatedPrefixForm(string prefix, bool ignoreCase) : PathCondition
    {
        public override int? MatchedLength => prefix.Length;

        public override string ToString() => $"path below \"{prefix}\"{(ignoreCase ? " in any case" : "")}";

        internal override bool Matches(ReadOnlySpan<char> path, bool hasPath, bool isConnect) =>
            hasPath
            && (path.Length == prefix.Length || path.Length > prefix.Length && path[prefix.Length] == '/')
            && (ignoreCase ? AsciiCase.StartsWith(path, prefix) : path.StartsWith(prefix));
    }

    private sealed class TemplateForm(PathTemplate template) : PathCondition
    {
        public override string ToString() => $"path template \"{template.Source}\"";

        internal override bool Matches(ReadOnlySpan<char> path, bool hasPath, bool isConnect) => hasPath && template.Matches(path);
    }

    private sealed class ConnectForm : PathCondition
    {
        public override string ToString() => "CONNECT";

        internal override bool Matches(ReadOnlySpan<char> path, bool hasPath, bool isConnect) => isConnect;
    }
}
