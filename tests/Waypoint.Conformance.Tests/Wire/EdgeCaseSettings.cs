using System.Net;
using System.Text.Json;
using Waypoint.Model.Authorization;
using Waypoint.Model.Edge;

namespace Waypoint.Conformance.Tests.Wire;

/// <summary>Reads settings and connection of an <c>edge-headers</c> case.</summary>
internal static class EdgeCaseSettings
{
    internal static EdgeConfig Read(JsonElement testCase)
    {
        JsonElement settings = testCase.GetProperty("settings");
        settings.RequireOnly(
            "use_remote_address", "xff_num_trusted_hops", "skip_xff_append", "tracing", "generated_uuid", "forward_client_cert_details", "preserve_external_request_id", "xff_trusted_cidrs",
            "append_x_forwarded_port", "set_current_client_cert_details", "strip_port", "strip_trailing_host_dot", "via", "user_agent", "internal_only_headers", "internal_addresses",
            "node_name", "always_set_request_id_in_response", "original_ip_detection");
        bool useRemote = IsTrue(settings, "use_remote_address");
        return new EdgeConfig
        {
            UseRemoteAddress = useRemote,
            TrustedHops = (int)(settings.Number("xff_num_trusted_hops") ?? 0),
            SkipForwardedForAppend = settings.Find("skip_xff_append")?.GetBoolean() ?? !useRemote,
            TrustedProxies = Addresses(settings.Find("xff_trusted_cidrs")),
            ClientAddressHeader = settings.Find("original_ip_detection")?.Text("custom_header"),
            InternalAddresses = settings.Text("internal_addresses") == "all" && useRemote ? AddressSet.All : AddressSet.Private,
            InternalOnlyHeaders = [.. (settings.Find("internal_only_headers")?.EnumerateArray() ?? default).Select(static name => name.GetString()!)],
            AppendForwardedPort = IsTrue(settings, "append_x_forwarded_port"),
            PreserveExternalRequestId = IsTrue(settings, "preserve_external_request_id"),
            RequestIdInResponse = IsTrue(settings, "always_set_request_id_in_response"),
            Via = settings.Text("via") ?? "",
            UserAgent = settings.Text("user_agent"),
            NodeName = settings.Text("node_name") ?? "",
            ClientCert = Forwarding(settings.Text("forward_client_cert_details")),
            ClientCertDetails = [.. (settings.Find("set_current_client_cert_details")?.EnumerateArray() ?? default).Select(static detail => Enum.Parse<ClientCertDetail>(detail.GetString()!, ignoreCase: true))],
            StripHostPort = Enum.Parse<HostPortStripping>(settings.Text("strip_port") ?? "none", ignoreCase: true),
            StripTrailingHostDot = IsTrue(settings, "strip_trailing_host_dot"),
        };
    }

    internal static EdgeConnection ReadConnection(JsonElement testCase, out string remote)
    {
        JsonElement connection = testCase.Find("connection") ?? default;
        if (connection.ValueKind == JsonValueKind.Object)
        {
            connection.RequireOnly(
                "remote", "local", "proxy_address", "tls", "local_uri_sans", "peer_certificate_sha256", "peer_uri_sans", "peer_pem_urlencoded", "peer_chain_pem_urlencoded", "peer_dns_sans", "peer_subject");
        }

        remote = (connection.Text("remote") ?? "10.0.0.3:50000").Split(" (")[0];
        string tls = connection.Text("tls") ?? "none";
        return new EdgeConnection(
            IPEndPoint.TryParse(remote, out IPEndPoint? peer) ? peer.Address : null,
            IPEndPoint.TryParse(connection.Text("local") ?? "", out IPEndPoint? local) ? local.Port : 0,
            tls != "none")
        {
            ProxyAddress = connection.Text("proxy_address") is { } proxy ? IPAddress.Parse(proxy) : null,
            Certificate = tls == "mtls" ? Certificate(connection) : null,
        };
    }

    internal static TraceDraws ReadDraws(JsonElement tracing)
    {
        tracing.RequireOnly("client_sampling_decision", "random_sampling_decision", "overall_sampling_decision", "use_request_id_for_trace_sampling", "route_tracing");
        return new TraceDraws(
            IsTrue(tracing, "client_sampling_decision"),
            IsTrue(tracing, "random_sampling_decision"),
            IsTrue(tracing, "overall_sampling_decision"),
            tracing.Find("use_request_id_for_trace_sampling")?.GetBoolean() ?? true);
    }

    private static bool IsTrue(JsonElement settings, string name) => settings.Find(name)?.GetBoolean() ?? false;

    private static ClientCertForwarding Forwarding(string? name) =>
        name is null ? ClientCertForwarding.Sanitize : Enum.Parse<ClientCertForwarding>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    private static ClientCertificate Certificate(JsonElement connection) => new()
    {
        LocalUris = Texts(connection, "local_uri_sans"),
        Sha256 = connection.Text("peer_certificate_sha256") ?? "",
        Subject = connection.Text("peer_subject") ?? "",
        Uris = Texts(connection, "peer_uri_sans"),
        DnsNames = Texts(connection, "peer_dns_sans"),
        Pem = connection.Text("peer_pem_urlencoded") ?? "",
        ChainPem = connection.Text("peer_chain_pem_urlencoded") ?? "",
    };

    private static string[] Texts(JsonElement json, string name) => [.. (json.Find(name)?.EnumerateArray() ?? default).Select(static text => text.GetString()!)];

    private static AddressSet Addresses(JsonElement? blocks)
    {
        if (blocks is null)
            return AddressSet.None;
        var made = new List<AddressBlock>();
        foreach (JsonElement text in blocks.Value.EnumerateArray())
        {
            string[] parts = text.GetString()!.Split('/');
            Assert.True(AddressBlock.TryCreate(parts[0], uint.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), out AddressBlock block));
            made.Add(block);
        }

        return new AddressSet(made);
    }
}
