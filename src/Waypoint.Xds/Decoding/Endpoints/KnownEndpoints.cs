using System.Text;
using Waypoint.Model.Endpoints;

namespace Waypoint.Xds.Decoding.Endpoints;

/// <summary>The endpoints of the version before, in their order, to find those that are sent again.</summary>
/// <param name="before">Null: there is none.</param>
internal sealed class KnownEndpoints(ClusterEndpoints? before)
{
    /// <summary>So many are looked at for one that is not where it is expected: a few that went do not make all behind them new, and many that came do not cost their square.</summary>
    private const int Window = 8;

    private readonly Endpoint[] _before = before is null ? [] : [.. before.Localities.SelectMany(static locality => locality.Endpoints)];
    private int _next;

    /// <summary>The endpoint behind HBONE that has these properties and no others; null if it was not there, or too far from where it was.</summary>
    /// <param name="address"><see cref="Endpoint.AddressText"/>, ASCII.</param>
    /// <param name="weight"><see cref="Endpoint.Weight"/>.</param>
    /// <param name="health"><see cref="Endpoint.Health"/>.</param>
    /// <param name="workload"><see cref="Endpoint.Workload"/>, ASCII; empty: null.</param>
    public Endpoint? Find(ReadOnlySpan<byte> address, uint weight, EndpointHealth health, ReadOnlySpan<byte> workload)
    {
        int end = Math.Min(_next + Window, _before.Length);
        for (int i = _next; i < end; i++)
        {
            Endpoint one = _before[i];
            if (!Ascii.Equals(address, one.AddressText))
                continue;
            _next = i + 1;
            bool same = one is { Kind: EndpointKind.Hbone, DoubleHboneTarget: null, OtherAddresses: "", Hostname: null, HashKey: null, SocketLabels: "" }
                && ReferenceEquals(one.Labels, SubsetLabels.None)
                && one.Weight == weight && one.Health == health && Ascii.Equals(workload, one.Workload ?? "");
            return same ? one : null;
        }

        // The one that stood here was probably replaced.
        _next++;
        return null;
    }
}
