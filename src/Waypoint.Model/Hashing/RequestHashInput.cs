using System.Net;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Hashing;

/// <summary>The facts of a request that hash policies read.</summary>
/// <typeparam name="THeaders">The holder of the headers.</typeparam>
public readonly ref struct RequestHashInput<THeaders>
    where THeaders : struct, IHeaderView
{
    /// <summary>Request headers.</summary>
    public required THeaders Headers { get; init; }

    /// <summary>Path with query.</summary>
    public required string Path { get; init; }

    /// <summary>The client's address; null if it is none.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Objects that filters left; null: none.</summary>
    public IFilterStateView? State { get; init; }

    /// <summary>What a new cookie's value is made from: the same for all requests of a connection, so that those that race ask for the same endpoint.</summary>
    public ulong CookieSeed { get; init; }
}
