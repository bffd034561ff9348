using System.Diagnostics.CodeAnalysis;

namespace Waypoint.Hbone.Tls;

/// <summary>Holds the newest <see cref="TlsIdentity"/>. New handshakes use it, live connections keep theirs. Thread-safe.</summary>
public sealed class TlsIdentitySource
{
    private TlsIdentity? _current;

    /// <summary>A source that has no identity yet: handshakes are refused and nothing is dialled until <see cref="Update"/>.</summary>
    public TlsIdentitySource()
    {
    }

    /// <summary>A source with its first identity.</summary>
    public TlsIdentitySource(TlsIdentity identity)
    {
        Update(identity);
    }

    /// <summary>The newest identity, or null before the first.</summary>
    public TlsIdentity? Current => Volatile.Read(ref _current);

    /// <summary>Replaces the identity for all handshakes to come.</summary>
    public void Update(TlsIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        Volatile.Write(ref _current, identity);
    }

    /// <summary>Gets the newest identity, if there is one.</summary>
    public bool TryGet([NotNullWhen(true)] out TlsIdentity? identity) => (identity = Current) is not null;
}
