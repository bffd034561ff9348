namespace Waypoint.Xds.Decoding;

/// <summary>Names under which istiod configures Envoy's internal hops; a pipeline without those hops recognises them (design D5).</summary>
internal static class FixedNames
{
    /// <summary>Listener on 15008.</summary>
    public const string ConnectTerminate = "connect_terminate";

    /// <summary>Listener that holds a filter chain per service and port, and the cluster that leads to it.</summary>
    public const string MainInternal = "main_internal";

    /// <summary>Listener and cluster that wrap bytes into HBONE.</summary>
    public const string ConnectOriginate = "connect_originate";

    /// <summary>Listener and cluster of the inner tunnel of two.</summary>
    public const string InnerConnectOriginate = "inner_connect_originate";

    /// <summary>Listener and cluster of the outer tunnel of two.</summary>
    public const string OuterConnectOriginate = "outer_connect_originate";

    /// <summary>Listener of an east-west gateway.</summary>
    public const string ForwardInnerConnect = "forward_inner_connect";

    /// <summary>Cluster of traffic that is addressed to pods.</summary>
    public const string Encap = "encap";
}
