using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Endpoints;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Endpoints;
using ProtoEndpoint = Waypoint.Protos.Envoy.Config.Endpoint.V3.Endpoint;
using SocketAddress = Waypoint.Protos.Envoy.Config.Core.V3.SocketAddress;

namespace Waypoint.Conformance.Tests.LoadBalancing;

/// <summary>The hosts of a case as a load assignment, through the decoder that EDS goes through.</summary>
internal static partial class CaseEndpoints
{
    public static ClusterEndpoints Read(JsonElement hosts)
    {
        var assignment = new ClusterLoadAssignment { ClusterName = "c" };
        if (hosts.ValueKind == JsonValueKind.String)
            AddDescribed(hosts.GetString()!, assignment);
        else
            AddListed(hosts, assignment);
        var context = new DecodeContext("Case");
        ClusterEndpoints endpoints = LoadAssignmentDecoder.Decode(assignment, context);
        Assert.False(context.HasProblems, string.Join(Environment.NewLine, context.Problems));
        return endpoints;
    }

    /// <summary>"ADDRESS:FIRST .. ADDRESS:LAST in locality NAME (weight N)", several of them, or one address.</summary>
    private static void AddDescribed(string text, ClusterLoadAssignment assignment)
    {
        foreach (Match part in DescribedHosts().Matches(text))
        {
            LocalityLbEndpoints locality = Locality(assignment, part.Groups["locality"].Value, uint.Parse(part.Groups["weight"].Value, null));
            int first = int.Parse(part.Groups["first"].Value, null);
            int last = part.Groups["last"].Success ? int.Parse(part.Groups["last"].Value, null) : first;
            for (int port = first; port <= last; port++)
                locality.LbEndpoints.Add(Host($"{part.Groups["address"].Value}:{port}"));
        }

        Assert.NotEmpty(assignment.Endpoints);
    }

    private static void AddListed(JsonElement hosts, ClusterLoadAssignment assignment)
    {
        foreach (JsonElement json in hosts.EnumerateArray())
        {
            json.RequireOnly("address", "weight", "locality", "locality_weight", "hostname", "metadata");
            // Without a name each weighted host is a locality of its own.
            string name = json.Text("locality") ?? (json.Find("locality_weight") is null ? "" : json.Text("address")!);
            LbEndpoint host = Host(json.Text("address")!);
            if (json.Number("weight") is { } weight)
                host.LoadBalancingWeight = (uint)weight;
            host.Endpoint.Hostname = json.Text("hostname") ?? "";
            if (json.Find("metadata") is { } metadata)
            {
                host.Metadata = new Metadata();
                foreach (JsonProperty filter in metadata.EnumerateObject())
                    host.Metadata.FilterMetadata.Add(filter.Name, Struct.Parser.ParseJson(filter.Value.GetRawText()));
            }

            Locality(assignment, name, json.Number("locality_weight")).LbEndpoints.Add(host);
        }
    }

    private static LocalityLbEndpoints Locality(ClusterLoadAssignment assignment, string name, ulong? weight)
    {
        if (assignment.Endpoints.FirstOrDefault(l => l.Locality.Zone == name) is { } known)
            return known;
        var made = new LocalityLbEndpoints { Locality = new Locality { Zone = name } };
        if (weight is { } value)
            made.LoadBalancingWeight = (uint)value;
        assignment.Endpoints.Add(made);
        return made;
    }

    private static LbEndpoint Host(string address)
    {
        IPEndPoint place = IPEndPoint.Parse(address);
        // Port 0 cannot be dialled and is refused from EDS; upstream's hosts have it, so only their name carries it here.
        return new LbEndpoint
        {
            Endpoint = new ProtoEndpoint
            {
                Address = new Address { SocketAddress = new SocketAddress { Address = place.Address.ToString(), PortValue = (uint)Math.Max(place.Port, 1) } },
            },
            Metadata = place.Port > 0 ? null : KeyMetadata(address),
        };
    }

    private static Metadata KeyMetadata(string key)
    {
        var metadata = new Metadata();
        metadata.FilterMetadata.Add("envoy.lb", new Struct { Fields = { ["hash_key"] = Value.ForString(key) } });
        return metadata;
    }

    [GeneratedRegex(@"(?<address>[\d.]+):(?<first>\d+)(?: \.\. [\d.]+:(?<last>\d+))? in locality (?<locality>\w+) \(weight (?<weight>\d+)\)")]
    private static partial Regex DescribedHosts();
}
