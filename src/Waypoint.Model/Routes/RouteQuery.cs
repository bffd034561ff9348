using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>What is known of a request when its route is chosen, after the connection manager's header hygiene and path normalization.</summary>
/// <typeparam name="THeaders">The server's own header table.</typeparam>
public readonly struct RouteQuery<THeaders>
    where THeaders : struct, IHeaderView
{
    /// <summary>All header lines, pseudo headers included.</summary>
    public required THeaders Headers { get; init; }

    /// <summary>The method, upper case as sent.</summary>
    public required string Method { get; init; }

    /// <summary>The value of <c>x-forwarded-proto</c>, which the connection manager sets when it is absent; null or empty: no route fits, as in Envoy.</summary>
    public required string? Scheme { get; init; }

    /// <summary>Authority or Host as sent, with its port; null or empty fits only a table whose one virtual host takes every domain.</summary>
    public required string? Authority { get; init; }

    /// <summary>Path with query; null for a CONNECT without path, which only a CONNECT condition fits.</summary>
    public required string? Path { get; init; }

    /// <summary>The request's random number, for runtime fractions.</summary>
    public ulong RandomValue { get; init; }

    /// <summary>True if the downstream connection is TLS and its peer showed a certificate.</summary>
    public bool PeerCertificatePresented { get; init; }

    /// <summary>True if that certificate was verified.</summary>
    public bool PeerCertificateValidated { get; init; }

    /// <summary>What filters left so far; null: nothing.</summary>
    public IMetadataView? Metadata { get; init; }

    /// <summary>Filter state of request and connection; null: none.</summary>
    public IFilterStateView? FilterState { get; init; }

    /// <summary>Runtime overrides; null: none.</summary>
    public RuntimeValues? Runtime { get; init; }
}
