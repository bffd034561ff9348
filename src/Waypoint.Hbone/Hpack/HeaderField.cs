namespace Waypoint.Hbone.Hpack;

/// <summary>One decoded header field. Strings hold one character per byte.</summary>
internal readonly record struct HeaderField(string Name, string Value)
{
    /// <summary>What HTTP/2 adds to the bytes of a field when it counts a header list or a table.</summary>
    public const int Overhead = 32;

    /// <summary>Size by HTTP/2's rule.</summary>
    public int Size => Name.Length + Value.Length + Overhead;
}
