using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.Edge;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;

namespace Waypoint.Conformance.Tests.Wire;

/// <summary>Set <c>edge-headers</c>: what the connection manager does to headers before routing and on the way back, through the model that the proxy itself runs.</summary>
internal sealed class EdgeHeadersRunner : IConformanceRunner
{
    public string Set => "edge-headers";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        JsonElement expect = testCase.GetProperty("expect");
        switch (testCase.Text("kind"))
        {
            case "request":
                RunRequest(testCase, expect);
                break;
            case "response":
                RunResponse(testCase, expect);
                break;
            case "host":
                expect.RequireOnly("host");
                Assert.Equal(expect.Text("host"), RequestEdge.NormalizeHost(testCase.Text("host")!, EdgeCaseSettings.Read(testCase), (int)(testCase.Number("listener_port") ?? 0)));
                break;
            case "xff-address":
                expect.RequireOnly("address", "single_address");
                IPAddress? address = ForwardedFor.Last(testCase.Text("x_forwarded_for"), (int)(testCase.Number("skip_from_the_end") ?? 0), out bool isOnly);
                Assert.Equal(expect.Text("address"), address?.ToString());
                Assert.Equal(expect.GetProperty("single_address").GetBoolean(), isOnly);
                break;
            case "private-address":
                expect.RequireOnly("private");
                Assert.Equal(expect.GetProperty("private").GetBoolean(), IPAddress.TryParse(testCase.Text("address"), out IPAddress? tested) && AddressSet.Private.Contains(tested));
                break;
            case "append-xff" or "append-via":
                RunAppend(testCase, expect);
                break;
            case "update-authority":
                RunUpdateAuthority(testCase, expect);
                break;
            case "next-protocol":
                RunNextProtocol(testCase, expect);
                break;
            default:
                RunRequestId(testCase, expect);
                break;
        }
    }

    private static void RunRequest(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("client_address", "internal_request", "trace_reason", "headers", "exact_headers");
        var headers = new HeaderLines(testCase.GetProperty("headers").HeaderPairs());
        EdgeConnection connection = EdgeCaseSettings.ReadConnection(testCase, out string remote);
        JsonElement settings = testCase.GetProperty("settings");
        EdgeResult result = RequestEdge.Apply(ref headers, EdgeCaseSettings.Read(testCase), connection, () => settings.Text("generated_uuid") ?? "00000000-0000-4000-8000-000000000000");
        TraceReason reason = settings.Find("tracing") is { } tracing ? TraceDecision.Decide(ref headers, EdgeCaseSettings.ReadDraws(tracing)) : TraceReason.NotTraceable;
        if (expect.Text("client_address") is { } client)
            Assert.Equal(client, result.Client is { } found ? $"{found}:0" : remote);
        if (expect.Find("internal_request") is { } isInternal)
            Assert.Equal(isInternal.GetBoolean(), result.IsInternal);
        if (expect.Text("trace_reason") is { } expected)
            Assert.Equal(expected, reason.ToString());
        if (headers.Count(HeaderNames.Scheme) == 0)
            headers.Set(HeaderNames.Scheme, RequestEdge.SchemeOf(headers, connection.IsTls));
        CheckHeaders(expect, headers);
    }

    private static void RunResponse(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("headers", "exact_headers");
        var request = new HeaderLines(testCase.GetProperty("request_headers").HeaderPairs());
        var response = new HeaderLines(testCase.GetProperty("response_headers").HeaderPairs());
        ResponseEdge.Apply(ref response, request, EdgeCaseSettings.Read(testCase));
        CheckHeaders(expect, response);
    }

    private static void RunAppend(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("value");
        bool isVia = testCase.Text("kind") == "append-via";
        string name = isVia ? "via" : "x-forwarded-for";
        var headers = new HeaderLines();
        if (testCase.Text("existing") is { } existing)
            headers.Append(name, existing);
        string added = testCase.Text("append")!;
        IPAddress? peer = IPAddress.TryParse(added, out IPAddress? address) ? address : null;
        EdgeConfig config = isVia ? new EdgeConfig { Via = added } : new EdgeConfig { UseRemoteAddress = true, SkipForwardedForAppend = false };
        RequestEdge.Apply(ref headers, config, new EdgeConnection(isVia ? null : peer, 0, false), static () => "id");
        Assert.Equal(expect.Text("value"), headers.Count(name) > 0 ? headers.Get(name, 0) : null);
    }

    private static void RunUpdateAuthority(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("headers");
        var headers = new HeaderLines(testCase.GetProperty("headers").HeaderPairs());
        RequestEditor.RewriteHost(testCase.Text("new_host")!, testCase.GetProperty("append_xfh").GetBoolean(), testCase.GetProperty("keep_old_host").GetBoolean(), ref headers);
        CheckHeaders(expect, headers);
    }

    private static void RunNextProtocol(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("next_protocol");
        Assert.Equal("", testCase.Text("alpn"));
        SniffedProtocol? found = ProtocolSniffer.DecideHttp(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(testCase.Text("first_bytes")!)), isComplete: false);
        Assert.Equal(expect.Text("next_protocol"), found == SniffedProtocol.Http2 ? "h2" : "");
    }

    private static void RunRequestId(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("x_request_id", "integer", "integer_modulo", "response");
        switch (testCase.Text("kind"))
        {
            case "request-id":
                string? current = testCase.Text("x_request_id");
                bool isNew = UuidRequestId.NeedsNew(current, testCase.GetProperty("edge_request").GetBoolean(), testCase.GetProperty("preserve_external_request_id").GetBoolean());
                Assert.Equal(expect.Text("x_request_id"), isNew ? testCase.Text("generated_uuid") : current);
                break;
            case "request-id-integer":
                uint? number = UuidRequestId.Number(testCase.Text("x_request_id"));
                if (expect.Find("integer_modulo") is { } modulo)
                    Assert.Equal(modulo[1].GetUInt32(), number!.Value % modulo[0].GetUInt32());
                else
                    Assert.Equal(expect.Number("integer"), number);
                break;
            case "request-id-response":
                HeaderLines request = OfRequestId(testCase.Text("request"));
                HeaderLines response = OfRequestId(testCase.Text("response"));
                UuidRequestId.SetInResponse(request, ref response);
                Assert.Equal(expect.Text("response"), response.Count("x-request-id") > 0 ? response.Get("x-request-id", 0) : null);
                break;
            default:
                Assert.Fail($"the runner does not know kind '{testCase.Text("kind")}'");
                break;
        }
    }

    private static HeaderLines OfRequestId(string? id)
    {
        var headers = new HeaderLines();
        if (id is not null)
            headers.Append("x-request-id", id);
        return headers;
    }

    private static void CheckHeaders(JsonElement expect, HeaderLines headers)
    {
        if (expect.Find("headers") is { } named)
        {
            foreach (JsonProperty header in named.EnumerateObject())
            {
                string? found = headers.Count(header.Name) > 0 ? string.Join(",", Enumerable.Range(0, headers.Count(header.Name)).Select(i => headers.Get(header.Name, i))) : null;
                Assert.Equal((header.Name, header.Value.GetString()), (header.Name, found));
            }
        }

        if (expect.Find("exact_headers") is { } exact)
            Assert.Equal(exact.HeaderPairs().OrderBy(static pair => pair.Key), headers.Lines.OrderBy(static pair => pair.Key));
    }
}
