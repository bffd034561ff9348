namespace Waypoint.Proxy.Wire;

/// <summary>A message that cannot go on: thrown to whoever reads its body.</summary>
internal sealed class WireFaultException(WireFault fault) : IOException(fault.Reason)
{
    /// <summary>Why.</summary>
    public WireFault Fault => fault;
}
