using Waypoint.Model.Hashing;
using Waypoint.Xds.Decoding;

namespace Waypoint.Xds.Store;

/// <summary>Resources of one type by name: the newest version that was accepted, beside the hash of the newest that was sent and why that was refused.
/// A refused version never replaces a good one, and the same bytes sent again cost a comparison. Not thread-safe.</summary>
/// <typeparam name="T">The model of a resource.</typeparam>
internal sealed class LastGood<T>
    where T : class
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Names that exist at istiod, refused ones included.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Every resource with its last good version, if it has one, and why a newer one was refused, if so.</summary>
    public IEnumerable<(string Name, T? Good, string? Refusal)> All => _entries.Select(static e => (e.Key, e.Value.Good, e.Value.Refusal));

    /// <summary>True if <paramref name="name"/> was sent, accepted or not.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>The last good version; null if there is none.</summary>
    public T? Find(string name) => _entries.TryGetValue(name, out Entry entry) ? entry.Good : null;

    /// <summary>Why the newest version was refused; null if it was not.</summary>
    public string? RefusalOf(string name) => _entries.TryGetValue(name, out Entry entry) ? entry.Refusal : null;

    /// <summary>True if these very bytes were the last ones sent under that name.</summary>
    public bool IsUnchanged(string name, ContentHash contentHash) => _entries.TryGetValue(name, out Entry entry) && entry.SentHash == contentHash;

    /// <summary>Takes a good version.</summary>
    public void Accept(string name, ContentHash contentHash, T value) => _entries[SharedText.Of(name)] = new Entry(contentHash, value, null);

    /// <summary>Notes a refused version; the good one stays.</summary>
    public void Refuse(string name, ContentHash contentHash, string why) => _entries[SharedText.Of(name)] = new Entry(contentHash, Find(name), why);

    /// <summary>Makes room for <paramref name="count"/> resources, instead of growing in steps.</summary>
    public void Expect(int count)
    {
        // Many at once come when there is nothing yet; at any other time nearly all are known.
        if (_entries.Count == 0)
            _entries.EnsureCapacity(count);
    }

    /// <summary>Forgets a resource; false if it was not known.</summary>
    public bool Remove(string name) => _entries.Remove(name);

    private readonly record struct Entry(ContentHash SentHash, T? Good, string? Refusal);
}
