using Waypoint.Model.Hashing;
using Waypoint.Model.Listeners;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Decoding;

namespace Waypoint.Xds.Store;

/// <summary>The listeners of a waypoint that hold one thing each: <c>connect_terminate</c> and those that originate tunnels. Not thread-safe.</summary>
internal sealed class FixedListenerStore
{
    private readonly LastGood<StoredListener> _listeners = new();

    /// <summary>From <c>connect_terminate</c>; null until it arrived.</summary>
    public TunnelTerminationConfig? Termination { get; private set; }

    /// <summary>True once <c>connect_originate</c> arrived.</summary>
    public bool HasOrigination => _listeners.Contains(FixedNames.ConnectOriginate);

    /// <summary>A header that a listener adds to its CONNECT; null if it adds none of that name or has not arrived.</summary>
    public string? ConnectHeader(string listener, string name) =>
        _listeners.Find(listener)?.ConnectHeaders.GetValueOrDefault(name);

    /// <summary>True once <paramref name="listener"/> has a version that can be used.</summary>
    public bool Has(string listener) => _listeners.Find(listener) is not null;

    /// <summary>Takes one listener over; returns true if anything changed.</summary>
    public bool Apply(AdsResource resource, Refusals refusals, Action<DecodeContext> decoded)
    {
        ContentHash hash = ContentHash.Of(resource.Value.Span);
        bool changed = !_listeners.IsUnchanged(resource.Name, hash);
        if (changed)
        {
            Decoded<StoredListener> result = ResourceDecoder.Listener(resource.Name, resource.Value);
            decoded(result.Context);
            if (result.Value is { } listener)
                _listeners.Accept(resource.Name, hash, listener);
            else
                _listeners.Refuse(resource.Name, hash, Refusals.Describe(result.Context));
            Rebuild();
        }

        if (_listeners.RefusalOf(resource.Name) is { } refusal)
            refusals.Add(resource.Name, refusal);
        return changed;
    }

    /// <summary>Forgets a listener; returns true if it was known.</summary>
    public bool Remove(string name)
    {
        bool removed = _listeners.Remove(name);
        Rebuild();
        return removed;
    }

    private void Rebuild()
    {
        if (!_listeners.Contains(FixedNames.ConnectTerminate))
            Termination = null;
        else if (_listeners.Find(FixedNames.ConnectTerminate) is { } good)
            Termination = good.Termination;
        else if (Termination?.RefusedBecause != _listeners.RefusalOf(FixedNames.ConnectTerminate))
            Termination = new TunnelTerminationConfig { TrustDomains = [], RefusedBecause = _listeners.RefusalOf(FixedNames.ConnectTerminate) };
    }
}
