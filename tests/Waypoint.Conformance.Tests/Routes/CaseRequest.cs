using System.Text.Json;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;

namespace Waypoint.Conformance.Tests.Routes;

/// <summary>The request of a case with what is known around it.</summary>
internal sealed class CaseRequest
{
    internal CaseRequest(JsonElement testCase)
    {
        var request = testCase.GetProperty("request");
        request.RequireOnly("method", "scheme", "authority", "path", "headers");
        var headers = new HeaderLines();
        foreach (var name in new[] { "method", "scheme", "authority", "path" })
        {
            if (request.Text(name) is { } value)
                headers.Append($":{name}", value);
        }

        if (request.Find("headers") is { } lines)
        {
            foreach (var (name, value) in lines.HeaderPairs())
                headers.Append(name, value);
        }

        var context = testCase.Find("context") ?? default;
        if (context.ValueKind == JsonValueKind.Object)
            context.RequireOnly("runtime", "runtime_fraction_result", "dynamic_metadata", "filter_state", "downstream_tls");
        var tls = context.Find("downstream_tls") ?? default;
        Scheme = request.Text("scheme") ?? "";
        Query = new RouteQuery<HeaderLines>
        {
            Headers = headers,
            Method = request.Text("method") ?? "",
            Scheme = headers.Count("x-forwarded-proto") > 0 ? headers.Get("x-forwarded-proto", 0) : null,
            Authority = request.Text("authority"),
            Path = request.Text("path"),
            RandomValue = testCase.Number("random_value") ?? 0,
            PeerCertificatePresented = tls.Find("peer_certificate_presented")?.GetBoolean() ?? false,
            PeerCertificateValidated = tls.Find("peer_certificate_validated")?.GetBoolean() ?? false,
            Metadata = context.Find("dynamic_metadata") is { } metadata ? new CaseMetadata(metadata) : null,
            FilterState = context.Find("filter_state") is { } state ? new CaseFilterState(state) : null,
            Runtime = Runtime(context),
        };
    }

    /// <summary><c>:scheme</c>.</summary>
    internal string Scheme { get; }

    internal RouteQuery<HeaderLines> Query { get; }

    /// <summary>The headers for whoever changes them.</summary>
    internal HeaderLines CopyHeaders() => new(Query.Headers.Lines);

    /// <summary>A forced outcome of a fraction is a percentage of 100 or 0.</summary>
    private static RuntimeValues? Runtime(JsonElement context)
    {
        var values = new Dictionary<string, ulong>(StringComparer.Ordinal);
        if (context.Find("runtime") is { } numbers)
        {
            foreach (var entry in numbers.EnumerateObject())
                values[entry.Name] = entry.Value.GetUInt64();
        }

        if (context.Find("runtime_fraction_result") is { } outcomes)
        {
            foreach (var entry in outcomes.EnumerateObject())
                values[entry.Name] = entry.Value.GetBoolean() ? 100u : 0u;
        }

        return values.Count > 0 ? new RuntimeValues(values) : null;
    }
}
