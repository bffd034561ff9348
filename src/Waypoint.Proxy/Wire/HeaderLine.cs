namespace Waypoint.Proxy.Wire;

/// <summary>A header line as it was understood: its value unfolded, without carriage returns and blanks around it.</summary>
internal readonly record struct HeaderLine(byte[] Name, byte[] Value)
{
    /// <summary>What it decides.</summary>
    public HeaderKind Kind => HeaderKinds.Of(Name);
}
