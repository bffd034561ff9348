using System.Globalization;
using System.Text;

namespace Waypoint.Xds.Decoding;

/// <summary>Collects everything that is wrong with one unit of acceptance (a filter chain, a route table, a cluster) while it is decoded. Decoders never stop at
/// the first problem and never throw on what a peer sent: they report here, put a harmless value in place and go on, and the caller drops the result if
/// <see cref="HasProblems"/>. Not thread-safe; the path costs nothing unless something is reported.</summary>
public sealed class DecodeContext
{
    private readonly List<PathSegment> _path = [];
    private List<DecodeProblem>? _problems;
    private HashSet<IgnoredField>? _ignored;
    private DecodeSubject _subject;

    /// <summary>Nothing is decoded yet.</summary>
    /// <param name="subject">What is being decoded, such as <c>Listener 'main_internal'</c>.</param>
    public DecodeContext(string subject) => _subject = new DecodeSubject(subject);

    /// <summary>Nothing is decoded yet.</summary>
    /// <param name="subject">What is being decoded; a name in it is written only when it is needed.</param>
    internal DecodeContext(DecodeSubject subject) => _subject = subject;

    /// <summary>What a problem reported now would be in.</summary>
    public string Subject => _subject.ToString();

    /// <summary>Everything refused so far, in the order of the message.</summary>
    public IReadOnlyList<DecodeProblem> Problems => _problems ?? (IReadOnlyList<DecodeProblem>)[];

    /// <summary>Everything that was sent and has no effect, each once.</summary>
    public IReadOnlyCollection<IgnoredField> Ignored => _ignored ?? (IReadOnlyCollection<IgnoredField>)[];

    /// <summary>True if the unit must not be used.</summary>
    public bool HasProblems => _problems is { Count: > 0 };

    /// <summary>Counts what was reported so far: the same before and after a decoder ran means that it had nothing to say.</summary>
    internal int Remarks { get; private set; }

    /// <summary>Goes one field down until the result is disposed.</summary>
    public DecodeScope Field(string name)
    {
        _path.Add(new PathSegment(name, -1));
        return new DecodeScope(this, null);
    }

    /// <summary>Goes down into one element of a repeated field until the result is disposed.</summary>
    public DecodeScope Field(string name, int index)
    {
        _path.Add(new PathSegment(name, index));
        return new DecodeScope(this, null);
    }

    /// <summary>Names a better subject than the current one (a route inside a table); paths start anew below it, until the result is disposed.</summary>
    public DecodeScope Within(string newSubject) => Within(new DecodeSubject(newSubject));

    /// <inheritdoc cref="Within(string)"/>
    internal DecodeScope Within(DecodeSubject newSubject)
    {
        var scope = new DecodeScope(this, _subject);
        _path.Add(PathSegment.SubjectStart);
        _subject = newSubject;
        return scope;
    }

    /// <summary>Refuses field <paramref name="name"/> of the current message; an empty name refuses the message itself.</summary>
    public void Refuse(string name, string reason, string? value = null, string? accepted = null) =>
        Add(new DecodeProblem(Subject, PathTo(name, withIndexes: true), value, reason, accepted));

    /// <summary>Refuses a value outside its range: <c>num_retries is 250; accepted 0-100</c>.</summary>
    public void RefuseValue(string name, string value, string accepted) =>
        Add(new DecodeProblem(Subject, PathTo(name, withIndexes: true), value, null, accepted));

    /// <summary>Notes that field <paramref name="name"/> was sent and has no effect.</summary>
    public void Ignore(string name, string reason)
    {
        Remarks++;
        (_ignored ??= []).Add(new IgnoredField(PathTo(name, withIndexes: false), reason));
    }

    /// <summary>Takes over what another context collected (a part that is decoded on its own).</summary>
    public void Include(DecodeContext part)
    {
        Remarks += part.Remarks;
        if (part._problems is not null)
            (_problems ??= []).AddRange(part._problems);
        if (part._ignored is not null)
            (_ignored ??= []).UnionWith(part._ignored);
    }

    internal void Leave(DecodeSubject? outerSubject)
    {
        _path.RemoveAt(_path.Count - 1);
        if (outerSubject is { } outer)
            _subject = outer;
    }

    private void Add(DecodeProblem problem)
    {
        Remarks++;
        (_problems ??= []).Add(problem);
    }

    private string PathTo(string name, bool withIndexes)
    {
        var first = _path.FindLastIndex(static segment => segment.Name is null) + 1;
        var text = new StringBuilder();
        for (var i = first; i < _path.Count; i++)
        {
            if (text.Length > 0)
                text.Append('.');
            text.Append(_path[i].Name);
            if (withIndexes && _path[i].Index >= 0)
                text.Append(CultureInfo.InvariantCulture, $"[{_path[i].Index}]");
        }

        if (name.Length > 0 && text.Length > 0)
            text.Append('.');
        return text.Append(name).ToString();
    }

    private readonly record struct PathSegment(string? Name, int Index)
    {
        public static readonly PathSegment SubjectStart = new(null, -1);
    }
}
