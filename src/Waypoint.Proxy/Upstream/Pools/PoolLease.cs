namespace Waypoint.Proxy.Upstream.Pools;

/// <summary>The right to send one request on a pool. Dispose it exactly once, when the answer has been passed on or the try has failed.</summary>
/// <param name="Invoker">Takes the request.</param>
/// <param name="Connections">The pool that counts its requests; null for one that does not.</param>
/// <param name="Connection">The counted connection.</param>
/// <param name="Variant">The variant that is in use; null for the common one.</param>
internal readonly record struct PoolLease(HttpMessageInvoker Invoker, CountedPool? Connections, CountedConnection? Connection, VariantPools? Variant) : IDisposable
{
    /// <summary>Gives everything back.</summary>
    public void Dispose()
    {
        if (Connection is { } connection)
        {
            Connections!.Return(connection);
        }

        Variant?.Leave();
    }
}
