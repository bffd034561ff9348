using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Waypoint.Model.Clusters;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>Every name that is kept resolved, shared by all clusters that resolve it alike. Whoever needs a name holds it and releases it. Thread-safe.</summary>
internal sealed class NameTable(IDnsResolver resolver, TimeProvider time, ILogger<NameTable> logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<(string Name, DnsSettings Settings), Held> _names = new();
    private readonly List<Task> _stopping = [];

    /// <summary>Names held at the moment.</summary>
    public int Count => _names.Count;

    /// <summary>Holds a name; the first holder starts its resolution.</summary>
    public ResolvedName Hold(string name, DnsSettings settings)
    {
        string key = name.ToLowerInvariant();
        lock (_gate)
        {
            if (_names.TryGetValue((key, settings), out Held? held))
            {
                held.Holders++;
                return held.Name;
            }

            var made = new ResolvedName(key, settings, resolver, time, logger);
            _names[(key, settings)] = new Held(made) { Holders = 1 };
            made.Start();
            return made;
        }
    }

    /// <summary>Releases what <see cref="Hold"/> gave; the last one ends its resolution.</summary>
    public void Release(ResolvedName name)
    {
        lock (_gate)
        {
            if (_names.TryGetValue((name.Name, name.Settings), out Held? held) && --held.Holders == 0)
            {
                _names.TryRemove((name.Name, name.Settings), out _);
                _stopping.RemoveAll(static task => task.IsCompleted);
                _stopping.Add(name.DisposeAsync().AsTask());
            }
        }
    }

    /// <summary>The addresses of a name that somebody holds; empty if nobody does. No lock.</summary>
    public IReadOnlyList<IPAddress> Find(string name, DnsSettings settings) =>
        _names.TryGetValue((name.ToLowerInvariant(), settings), out Held? held) ? held.Name.Addresses : [];

    /// <summary>Ends all resolutions.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] tasks;
        lock (_gate)
        {
            tasks = [.. _stopping, .. _names.Values.Select(static held => held.Name.DisposeAsync().AsTask())];
            _names.Clear();
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    private sealed class Held(ResolvedName name)
    {
        public ResolvedName Name { get; } = name;

        public int Holders { get; set; }
    }
}
