namespace Waypoint.Model.FilterChains;

/// <summary>A set of port numbers, as a predicate over <c>destination_port_range</c> describes one. Immutable.</summary>
public sealed class PortSet
{
    private const int Words = 65536 / 64;
    private readonly ulong[] _bits;

    private PortSet(ulong[] bits) => _bits = bits;

    /// <summary>No port.</summary>
    public static PortSet None { get; } = new(new ulong[Words]);

    /// <summary>Every port.</summary>
    public static PortSet All { get; } = None.Complement();

    /// <summary>True if <paramref name="port"/> is in the set; false for what is no port number.</summary>
    public bool Contains(int port) => (uint)port < 65536 && (_bits[port >> 6] >> (port & 63) & 1) != 0;

    /// <summary>Ports from <paramref name="start"/> up to but without <paramref name="end"/>; what lies outside 0 to 65535 is left out.</summary>
    public static PortSet Range(int start, int end)
    {
        var bits = new ulong[Words];
        for (int port = Math.Max(start, 0); port < Math.Min(end, 65536); port++)
            bits[port >> 6] |= 1UL << (port & 63);
        return new PortSet(bits);
    }

    /// <summary>Ports in either set.</summary>
    public PortSet Union(PortSet other) => Combine(other, static (a, b) => a | b);

    /// <summary>Ports in both sets.</summary>
    public PortSet Intersect(PortSet other) => Combine(other, static (a, b) => a & b);

    /// <summary>Ports that are not in the set.</summary>
    public PortSet Complement() => Combine(this, static (a, _) => ~a);

    private PortSet Combine(PortSet other, Func<ulong, ulong, ulong> combine)
    {
        var bits = new ulong[Words];
        for (int i = 0; i < Words; i++)
            bits[i] = combine(_bits[i], other._bits[i]);
        return new PortSet(bits);
    }
}
