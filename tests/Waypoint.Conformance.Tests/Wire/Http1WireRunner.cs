using System.Text.Json;

namespace Waypoint.Conformance.Tests.Wire;

/// <summary>Set <c>http1-wire</c>: bytes of a client through our codec stage and the inner server behind it, bytes of an upstream through the stage in front of the HTTP client.
/// Error texts are the codec's own and are not compared; status, details and what is delivered are.</summary>
internal sealed class Http1WireRunner : IConformanceRunner
{
    public string Set => "http1-wire";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        JsonElement expect = testCase.GetProperty("expect");
        switch (testCase.Text("kind"))
        {
            case "request":
                RequestWireCase.RunAsync(testCase, WireBytes.PartsOf(testCase.GetProperty("wire")), expect).GetAwaiter().GetResult();
                break;
            case "request-mutations":
                RunMutations(testCase, expect);
                break;
            case "response":
                ResponseWireCase.RunAsync(testCase, expect).GetAwaiter().GetResult();
                break;
            case "encode-response":
                EncodedResponseCase.RunAsync(testCase, expect).GetAwaiter().GetResult();
                break;
            default:
                Assert.Fail($"the runner does not know kind '{testCase.Text("kind")}'");
                break;
        }
    }

    private static void RunMutations(JsonElement testCase, JsonElement expect)
    {
        byte[] whole = [.. WireBytes.PartsOf(testCase.GetProperty("wire")).SelectMany(static part => part)];
        byte[] inserted = WireBytes.Encode(testCase.Text("insert")!);
        int first = (int)testCase.Number("first_position")!;
        for (int at = first; at < first + (int)testCase.Number("positions")!; at++)
            RequestWireCase.RunAsync(testCase, [[.. whole[..at], .. inserted, .. whole[at..]]], expect).GetAwaiter().GetResult();
    }
}
