using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Waypoint.Model.Hashing;
using Waypoint.Model.Workloads;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Workloads;

namespace Waypoint.Xds.Store;

/// <summary>WDS: every workload of the mesh by address. One writer (the ADS stream), any number of readers, which take no lock and allocate nothing. An update costs what it
/// changes, however many workloads there are.</summary>
public sealed class WorkloadStore : IWorkloadDirectory
{
    private readonly ConcurrentDictionary<UInt128, Workload> _byAddress = new(concurrencyLevel: 1, capacity: 1024);
    private readonly Dictionary<string, Entry> _byUid = new(StringComparer.Ordinal);

    /// <summary>Addresses that several workloads claim at the moment, oldest first: when the newest goes, the one before it is found again.</summary>
    private readonly Dictionary<UInt128, List<Workload>> _claims = [];

    /// <inheritdoc/>
    public event Action<WorkloadChange>? Changed;

    /// <summary>Workloads that are known, those without an address included.</summary>
    public int Count => _byUid.Count;

    /// <inheritdoc/>
    public Workload? Find(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out int length) && _byAddress.TryGetValue(KeyOf(bytes[..length]), out Workload? workload) ? workload : null;
    }

    /// <summary>Takes a response over.</summary>
    internal void Apply(AdsResponse response, Refusals refusals, Action<DecodeContext> decoded)
    {
        foreach (AdsResource resource in response.Resources)
        {
            ContentHash hash = ContentHash.Of(resource.Value.Span);
            if (_byUid.TryGetValue(resource.Name, out Entry? known) && known.Hash == hash)
                continue;
            Decoded<WorkloadAddresses> result = ResourceDecoder.Workload(resource.Name, resource.Value);
            decoded(result.Context);
            if (result.Value is not { } found)
            {
                refusals.Add(resource.Name, Refusals.Describe(result.Context));
                continue;
            }

            UInt128[] keys = [.. found.Addresses.Select(static a => KeyOf(a))];
            List<(UInt128 Key, Workload Owner)> owners = Owners(known is null ? keys : keys.Union(known.Keys));
            // The new one goes in first: at no moment is a workload that stays unknown.
            foreach (UInt128 key in keys)
                Claim(key, found.Workload);
            if (known is not null)
                Release(known);
            _byUid[resource.Name] = new Entry(hash, found.Workload, keys);
            Tell(owners);
        }

        foreach (string uid in response.RemovedNames)
        {
            if (!_byUid.Remove(uid, out Entry? gone))
                continue;
            List<(UInt128 Key, Workload Owner)> owners = Owners(gone.Keys);
            Release(gone);
            Tell(owners);
        }
    }

    private List<(UInt128 Key, Workload Owner)> Owners(IEnumerable<UInt128> keys)
    {
        var owners = new List<(UInt128, Workload)>();
        foreach (UInt128 key in Changed is null ? [] : keys)
        {
            if (_byAddress.TryGetValue(key, out Workload? owner))
                owners.Add((key, owner));
        }

        return owners;
    }

    private void Tell(List<(UInt128 Key, Workload Owner)> owners)
    {
        foreach ((UInt128 key, Workload before) in owners)
        {
            _byAddress.TryGetValue(key, out Workload? after);
            if (!IsSame(before, after))
                Changed?.Invoke(new WorkloadChange(AddressOf(key), before, after));
        }
    }

    private static bool IsSame(Workload before, Workload? after) =>
        after is not null && before.Uid == after.Uid && before.TrustDomain == after.TrustDomain && before.Namespace == after.Namespace && before.ServiceAccount == after.ServiceAccount;

    private static IPAddress AddressOf(UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private void Claim(UInt128 key, Workload workload)
    {
        if (_byAddress.TryGetValue(key, out Workload? other))
        {
            if (!_claims.TryGetValue(key, out List<Workload>? all))
                _claims.Add(key, all = [other]);
            all.Add(workload);
        }

        _byAddress[key] = workload;
    }

    private void Release(Entry entry)
    {
        foreach (UInt128 key in entry.Keys)
        {
            if (!_claims.TryGetValue(key, out List<Workload>? all))
            {
                _byAddress.TryRemove(key, out _);
                continue;
            }

            all.RemoveAll(w => ReferenceEquals(w, entry.Workload));
            if (all.Count > 0)
                _byAddress[key] = all[^1];
            if (all.Count <= 1)
                _claims.Remove(key);
        }
    }

    /// <summary>IPv4 addresses and those mapped into IPv6 are one.</summary>
    private static UInt128 KeyOf(ReadOnlySpan<byte> address) => address.Length == 4
        ? new UInt128(0, 0x0000_FFFF_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(address))
        : BinaryPrimitives.ReadUInt128BigEndian(address);

    private sealed record Entry(ContentHash Hash, Workload Workload, UInt128[] Keys);
}
