using System.Globalization;
using Google.Protobuf;
using Waypoint.Protos.Istio.Workload;
using Workload = Waypoint.Model.Workloads.Workload;
using WorkloadMessage = Waypoint.Protos.Istio.Workload.Workload;

namespace Waypoint.Xds.Decoding.Workloads;

/// <summary><c>istio.workload.Workload</c> to <see cref="Workload"/>.</summary>
internal static class WorkloadDecoder
{
    public static WorkloadAddresses Decode(WorkloadMessage message, DecodeContext context)
    {
        bool hostNetwork = message.NetworkMode == NetworkMode.HostNetwork;
        var workload = new Workload
        {
            Uid = message.Uid,
            Name = message.Name,
            WorkloadName = message.WorkloadName,
            Namespace = message.Namespace,
            ServiceAccount = message.ServiceAccount,
            TrustDomain = message.TrustDomain,
            CanonicalName = message.CanonicalName,
            CanonicalRevision = message.CanonicalRevision,
            ClusterId = message.ClusterId,
            Region = message.Locality?.Region ?? "",
            Zone = message.Locality?.Zone ?? "",
            HostNetwork = hostNetwork,
        };

        var addresses = new List<byte[]>(message.Addresses.Count);
        foreach (ByteString address in message.Addresses)
        {
            if (address.Length is not (4 or 16))
                context.RefuseValue("addresses", string.Create(CultureInfo.InvariantCulture, $"{address.Length} bytes"), "4 or 16 bytes");
            else if (!hostNetwork)
                addresses.Add(address.ToByteArray());
        }

        return new WorkloadAddresses(workload, addresses);
    }
}
