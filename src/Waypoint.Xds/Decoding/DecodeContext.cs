using System.Globalization;
using System.Text;

namespace Waypoint.Xds.Decoding;

/// <summary>Collects everything that is wrong with one unit of acceptance (a filter chain, a route table, a cluster) while it is decoded. Decoders never stop at
/// the first problem and never throw on what a peer sent: they report here, put a harmless value in place and go on, and the caller drops the result if
/// <see cref="HasProblems"/>. Not thread-safe; the path costs nothing unless something is reported.</summary>
/// <param name="subject">What is being decoded, such as <c>Filter chain 'inbound-vip|80|http|a.b.svc'</c>.</param>
public sealed class DecodeContext(string subject)
{
    private readonly List<PathSegment> _path = [];
    private readonly List<DecodeProblem> _problems = [];
    private readonly HashSet<IgnoredField> _ignored = [];

    /// <summary>What a problem reported now would be in.</summary>
    public string Subject { get; private set; } = subject;

    /// <summary>Everything refused so far, in the order of the message.</summary>
    public IReadOnlyList<DecodeProblem> Problems => _problems;

    /// <summary>Everything that was sent and has no effect, each once.</summary>
    public IReadOnlyCollection<IgnoredField> Ignored => _ignored;

    /// <summary>True if the unit must not be used.</summary>
    public bool HasProblems => _problems.Count > 0;

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
    public DecodeScope Within(string newSubject)
    {
        var scope = new DecodeScope(this, Subject);
        _path.Add(PathSegment.SubjectStart);
        Subject = newSubject;
        return scope;
    }

    /// <summary>Refuses field <paramref name="name"/> of the current message; an empty name refuses the message itself.</summary>
    public void Refuse(string name, string reason, string? value = null, string? accepted = null) =>
        _problems.Add(new DecodeProblem(Subject, PathTo(name, withIndexes: true), value, reason, accepted));

    /// <summary>Refuses a value outside its range: <c>num_retries is 250; accepted 0-100</c>.</summary>
    public void RefuseValue(string name, string value, string accepted) =>
        _problems.Add(new DecodeProblem(Subject, PathTo(name, withIndexes: true), value, null, accepted));

    /// <summary>Notes that field <paramref name="name"/> was sent and has no effect.</summary>
    public void Ignore(string name, string reason) => _ignored.Add(new IgnoredField(PathTo(name, withIndexes: false), reason));

    /// <summary>Takes over what another context collected (a part that is decoded on its own).</summary>
    public void Include(DecodeContext part)
    {
        _problems.AddRange(part._problems);
        _ignored.UnionWith(part._ignored);
    }

    internal void Leave(string? outerSubject)
    {
        _path.RemoveAt(_path.Count - 1);
        if (outerSubject is not null)
            Subject = outerSubject;
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
