using Waypoint.Xds.Decoding;

namespace Waypoint.Xds.Store;

/// <summary>Fields that were sent and have no effect: each is reported once, however many chains and pushes carry it. Not thread-safe.</summary>
internal sealed class IgnoredFields
{
    /// <summary>More different ones than this are not told apart.</summary>
    private const int Max = 1000;

    private readonly Dictionary<IgnoredField, string> _first = [];

    /// <summary>Every ignored field with the subject it was first seen in.</summary>
    public IReadOnlyDictionary<IgnoredField, string> All => _first;

    /// <summary>Takes over what a decoder ignored; returns what is new.</summary>
    public IEnumerable<IgnoredField> Add(DecodeContext context)
    {
        List<IgnoredField>? fresh = null;
        foreach (IgnoredField field in context.Ignored)
        {
            if (_first.Count < Max && _first.TryAdd(field, context.Subject))
                (fresh ??= []).Add(field);
        }

        return fresh ?? [];
    }
}
