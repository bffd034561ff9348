using System.Text.Json;
using Waypoint.Model.Failures;
using Waypoint.Model.Formatting;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Conformance.Tests.Formatting;

/// <summary>The facts of a case of set <c>format-strings</c>. Most are named like the operator, in lower case.</summary>
internal sealed class CaseFacts(JsonElement testCase) : IFormatValues
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    private readonly JsonElement _stream = testCase.Find("stream") ?? default;
    private readonly HeaderLines _request = Lines(testCase, "request_headers");
    private readonly HeaderLines _response = Lines(testCase, "response_headers");
    private readonly HeaderLines _trailers = Lines(testCase, "response_trailers");

    public string? Header(FormatField field, string name)
    {
        var headers = field == FormatField.RequestHeader ? _request : field == FormatField.ResponseHeader ? _response : _trailers;
        return headers.Count(name) > 0 ? headers.Get(name, 0) : null;
    }

    public string? Text(FormatField field, string name) => field switch
    {
        FormatField.Environment => testCase.Find("environment")?.Text(name),
        FormatField.FilterState => _stream.Find("filter_state")?.Text(name),
        FormatField.UpstreamFilterState => _stream.Find("upstream_filter_state")?.Text(name),
        FormatField.ResponseFlags => Flags(longForm: false),
        FormatField.ResponseFlagsLong => Flags(longForm: true),
        FormatField.CustomFlags => List(_stream.Find("custom_flags")),
        FormatField.UpstreamHost => _stream.Text("upstream_host_address"),
        FormatField.UpstreamHostName => _stream.Text("upstream_host_name") ?? _stream.Text("upstream_host_address"),
        FormatField.UpstreamCluster => _stream.Text("upstream_cluster_observability_name"),
        FormatField.UpstreamClusterRaw => _stream.Text("upstream_cluster_name"),
        _ => Named(field),
    };

    public long? Number(FormatField field) => field switch
    {
        FormatField.ResponseCode => Integer("response_code"),
        FormatField.ConnectionId => Integer("connection_id"),
        FormatField.Duration => Milliseconds("duration_ns"),
        FormatField.RequestDuration => Milliseconds("last_downstream_rx_byte_ns"),
        FormatField.RequestTxDuration => Milliseconds("last_upstream_tx_byte_ns"),
        FormatField.ResponseDuration => Milliseconds("first_upstream_rx_byte_ns"),
        FormatField.ResponseTxDuration => Milliseconds("last_downstream_tx_byte_ns") - Milliseconds("first_upstream_rx_byte_ns"),
        FormatField.DownstreamHandshakeDuration => Milliseconds("downstream_handshake_complete_ns"),
        FormatField.RoundtripDuration => Milliseconds("last_downstream_ack_received_ns"),
        FormatField.UpstreamConnectionPoolReadyDuration => Milliseconds("connection_pool_callback_latency_ns"),
        FormatField.RequestHeadersBytes => Bytes(_request),
        FormatField.ResponseHeadersBytes => Bytes(_response),
        FormatField.ResponseTrailersBytes => Bytes(_trailers),
        FormatField.UpstreamRequestAttemptCount => Integer("attempt_count") ?? Integer("upstream_request_attempt_count"),
        _ => Integer(SnakeCase(field)),
    };

    public DateTimeOffset? Time(FormatField field) => Microseconds(field switch
    {
        FormatField.StartTime or FormatField.StartTimeLocal => "start_time_unix_us",
        FormatField.EmitTime => "emit_time_unix_us",
        FormatField.DownstreamPeerCertStart => "downstream_peer_cert_not_before_unix_us",
        FormatField.DownstreamPeerCertEnd => "downstream_peer_cert_not_after_unix_us",
        FormatField.UpstreamPeerCertStart => "upstream_peer_cert_not_before_unix_us",
        _ => "upstream_peer_cert_not_after_unix_us",
    });

    public MetadataValue? Metadata(FormatField field, string filter) => _stream.Find(field switch
    {
        FormatField.DynamicMetadata => "dynamic_metadata",
        FormatField.ClusterMetadata => "cluster_metadata",
        FormatField.UpstreamMetadata => "upstream_host_metadata",
        FormatField.RouteMetadata => "route_metadata",
        FormatField.VirtualHostMetadata => "virtual_host_metadata",
        _ => "listener_metadata",
    })?.Find(filter)?.ToMetadata();

    /// <summary>TLS facts stand together, without the side's name in front; names of certificates are lists.</summary>
    private string? Named(FormatField field)
    {
        var name = SnakeCase(field);
        foreach (var side in new[] { "downstream_", "upstream_" })
        {
            if (!name.StartsWith(side, StringComparison.Ordinal) || _stream.Find(side + "tls") is not { } tls)
                continue;
            var inner = name[side.Length..];
            var found = tls.Find(inner) ?? tls.Find(inner + "s") ?? (inner.StartsWith("tls_", StringComparison.Ordinal) ? tls.Find(inner[4..]) : null);
            if (found is not null)
                return List(found);
        }

        return List(_stream.Find(name));
    }

    private string? Flags(bool longForm) => _stream.Find("response_flags") is { } flags
        ? ResponseFlags.Join(flags.EnumerateArray().Select(static flag => ResponseFlags.Find(flag.GetString()!)!.Value), longForm)
        : null;

    private long? Integer(string name) => (long?)_stream.Number(name);

    private long? Milliseconds(string name) => Integer(name) / NanosecondsPerMillisecond;

    private DateTimeOffset? Microseconds(string name) =>
        Integer(name) is { } value ? DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond) : null;

    private static string? List(JsonElement? value) => value switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } items => string.Join(',', items.EnumerateArray().Select(static item => item.GetString())) is { Length: > 0 } text ? text : null,
        { } text => text.GetString(),
    };

    private static long Bytes(HeaderLines headers) => headers.Lines.Sum(static line => line.Key.Length + line.Value.Length);

    private static string SnakeCase(FormatField field)
    {
        var name = field.ToString();
        return string.Concat(name.Select((c, i) =>
            i > 0 && (char.IsUpper(c) || char.IsDigit(c) && !char.IsDigit(name[i - 1])) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
    }

    private static HeaderLines Lines(JsonElement testCase, string name) =>
        testCase.Find(name) is { } lines ? new HeaderLines(lines.HeaderPairs()) : new HeaderLines();
}
