using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Tls;

/// <summary>Leaf certificates whose chain to one set of roots was verified, by the hash of their bytes, until the first certificate of the chain expires. A client pod opens many
/// connections with one certificate, and building a chain is the dearest part of a handshake. Thread-safe.</summary>
internal sealed class PeerCache
{
    private const int MaxEntries = 16_384;

    private readonly ConcurrentDictionary<(UInt128 High, UInt128 Low), Entry> _entries = new();

    /// <summary>The identity of a leaf that was verified for a purpose and is valid at <paramref name="now"/>.</summary>
    public bool TryGet((UInt128 High, UInt128 Low) hash, DateTimeOffset now, [NotNullWhen(true)] out SpiffeId? id)
    {
        id = null;
        if (!_entries.TryGetValue(hash, out Entry? entry))
            return false;
        if (now < entry.NotBefore || now >= entry.NotAfter)
        {
            _entries.TryRemove(hash, out _);
            return false;
        }
        id = entry.Id;
        return true;
    }

    public void Add((UInt128 High, UInt128 Low) hash, SpiffeId id, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        // Starting anew is rare and cheap next to keeping an order of use.
        if (_entries.Count >= MaxEntries)
            _entries.Clear();
        _entries[hash] = new Entry(id, notBefore, notAfter);
    }

    private sealed record Entry(SpiffeId Id, DateTimeOffset NotBefore, DateTimeOffset NotAfter);
}
