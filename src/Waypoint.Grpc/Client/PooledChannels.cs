using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Waypoint.Grpc.Client;

/// <summary>
/// Channels over pools of connections that somebody else owns, kept as long as their pool: a channel of the library costs far more
/// than a call. Thread-safe, and without a lock once a channel exists.
/// </summary>
public sealed class PooledChannels
{
    private readonly ConditionalWeakTable<HttpMessageInvoker, ConcurrentDictionary<Target, GrpcChannel>> _channels = [];

    /// <summary>The channel over a pool. It is not the caller's to dispose; it holds nothing that outlives the pool.</summary>
    /// <param name="pool">HTTP/2 connections to the server.</param>
    /// <param name="server">Scheme and address, as the pool wants them.</param>
    /// <param name="authority"><c>:authority</c> of every call.</param>
    /// <param name="maxReceiveMessageBytes">Largest accepted response message.</param>
    /// <param name="time">Clock of deadlines.</param>
    public IGrpcChannel Over(HttpMessageInvoker pool, string server, string authority, int maxReceiveMessageBytes, TimeProvider time) =>
        _channels.GetValue(pool, static _ => new ConcurrentDictionary<Target, GrpcChannel>()).GetOrAdd(
            new Target(server, authority, maxReceiveMessageBytes, time),
            static (target, pool) => new GrpcChannel(pool, new Uri(target.Server), target.Authority, target.MaxReceiveMessageBytes, target.Time),
            pool);

    private readonly record struct Target(string Server, string Authority, int MaxReceiveMessageBytes, TimeProvider Time);
}
