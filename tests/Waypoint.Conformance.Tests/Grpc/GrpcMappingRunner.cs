using System.Globalization;
using System.Text;
using System.Text.Json;
using Waypoint.Model.Grpc;
using Waypoint.Model.Requests;

namespace Waypoint.Conformance.Tests.Grpc;

/// <summary>Set <c>grpc-mapping</c>: statuses, deadlines, what counts as gRPC, local replies.</summary>
internal sealed class GrpcMappingRunner : IConformanceRunner
{
    public string Set => "grpc-mapping";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        var input = testCase.GetProperty("input");
        var expect = testCase.GetProperty("expect");
        switch (testCase.Text("kind"))
        {
            case "grpc_to_http":
                Assert.Equal(Integer(expect, "http_status"), GrpcStatus.ToHttp(Integer(input, "grpc_status")!.Value));
                break;
            case "http_to_grpc":
                Assert.Equal(Integer(expect, "grpc_status"), GrpcStatus.FromHttp(Integer(input, "http_status")!.Value));
                break;
            case "parse_grpc_timeout":
                Assert.Equal(expect.Number("ms"), GrpcDeadline.TryParse(input.Text("grpc-timeout"), out var milliseconds) ? milliseconds : null);
                break;
            case "format_grpc_timeout":
                Assert.Equal(expect.Text("grpc-timeout"), GrpcDeadline.Format(input.Number("ms")!.Value));
                break;
            case "is_grpc_content_type":
                Assert.Equal(expect.GetProperty("grpc").GetBoolean(), GrpcContent.IsGrpc(input.Text("content-type")));
                break;
            case "is_grpc_request":
                var request = new HeaderLines(input.GetProperty("headers").HeaderPairs());
                Assert.Equal(expect.GetProperty("grpc").GetBoolean(), GrpcContent.IsRequest(First(request, "content-type"), First(request, ":path")));
                break;
            case "is_grpc_response":
                var response = new HeaderLines(input.GetProperty("headers").HeaderPairs());
                Assert.Equal(expect.GetProperty("grpc").GetBoolean(), GrpcContent.IsResponse(
                    int.Parse(First(response, ":status") ?? "0", CultureInfo.InvariantCulture), First(response, "content-type"), First(response, GrpcStatus.HeaderName),
                    input.GetProperty("end_stream").GetBoolean()));
                break;
            case "effective_grpc_status":
                Assert.Equal(Integer(expect, "grpc_status"), GrpcStatus.Effective(
                    input.Find("trailers")?.Text(GrpcStatus.HeaderName), input.Find("headers")?.Text(GrpcStatus.HeaderName), Integer(input, "http_status")));
                break;
            case "parse_grpc_status":
                Assert.Equal(Integer(expect, "grpc_status"), input.Text(GrpcStatus.HeaderName) is { } text ? GrpcStatus.Parse(text) : null);
                break;
            case "grpc_local_reply":
                CheckReply(input, expect);
                break;
            default:
                Assert.Fail($"the runner does not know kind '{testCase.Text("kind")}'");
                break;
        }
    }

    private static void CheckReply(JsonElement input, JsonElement expect)
    {
        input.RequireOnly("http_status", "body", "grpc_status");
        expect.RequireOnly("http_status", "grpc-status", "grpc-message", "end_stream_on_headers");
        var reply = GrpcReply.Of(Integer(input, "http_status")!.Value, Encoding.UTF8.GetBytes(input.Text("body") ?? ""), Integer(input, "grpc_status"));
        if (Integer(expect, "http_status") is { } status)
            Assert.Equal(GrpcReply.HttpStatus, status);
        if (expect.Text("grpc-status") is { } grpcStatus)
            Assert.Equal(grpcStatus, reply.Status.ToString(CultureInfo.InvariantCulture));
        if (expect.TryGetProperty("grpc-message", out var message))
            Assert.Equal(message.GetString() ?? "", reply.Message);
        // The reply has no part that could be a body.
        Assert.True(expect.Find("end_stream_on_headers")?.GetBoolean() ?? true);
    }

    private static int? Integer(JsonElement json, string name) => json.Find(name)?.GetInt32();

    private static string? First(HeaderLines headers, string name) => headers.Count(name) > 0 ? headers.Get(name, 0) : null;
}
