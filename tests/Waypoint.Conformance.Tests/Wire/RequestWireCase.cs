using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Wire;

namespace Waypoint.Conformance.Tests.Wire;

/// <summary>A case about the bytes of a client.</summary>
internal sealed class RequestWireCase(JsonElement testCase, JsonElement expect)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // What must not happen is given this long to happen.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private readonly List<byte> _body = [];
    private int _requests;
    private string _version = "";
    private bool _trailers;
    private WireFault? _bodyFault;

    internal static async Task RunAsync(JsonElement testCase, List<byte[]> parts, JsonElement expect)
    {
        expect.RequireOnly(
            "accepted", "error", "status", "headers", "details", "body", "complete", "body_delivered", "end_of_request", "headers_delivered", "version", "counters", "trailers_delivered", "unread",
            "response_wire");
        await new RequestWireCase(testCase, expect).RunAsync(parts);
    }

    private async Task RunAsync(List<byte[]> parts)
    {
        (long Dropped, long Rejected) before = (WireCounters.DroppedHeadersWithUnderscores, WireCounters.RequestsRejectedWithUnderscores);
        await using InnerServerRig rig = await InnerServerRig.StartAsync(WireCaseSettings.Read(testCase, Http1Config.Default with { AllowAbsoluteUrl = false }), ServeAsync,
            WireCaseSettings.AcceptsHttp10(testCase));
        foreach (byte[] part in parts)
        {
            await rig.Client.WriteAsync(part);
            // Parts are told apart only if the server has seen the first before the second comes.
            if (parts.Count > 1)
                await Task.Delay(20);
        }

        if (testCase.Find("end_of_input")?.GetBoolean() ?? false)
            await rig.Client.CompleteAsync();
        if (!expect.GetProperty("accepted").GetBoolean())
            await CheckRefusedAsync(rig.Intake);
        else
            await CheckAcceptedAsync(rig.Intake);
        if (expect.Text("response_wire") is { } response)
            await CheckResponseAsync(rig, response);
        if (expect.Find("counters") is { } counters)
        {
            foreach (JsonProperty counter in counters.EnumerateObject())
            {
                long now = counter.Name switch
                {
                    "http1.dropped_headers_with_underscores" => WireCounters.DroppedHeadersWithUnderscores - before.Dropped,
                    "http1.requests_rejected_with_underscores_in_headers" => WireCounters.RequestsRejectedWithUnderscores - before.Rejected,
                    _ => throw new ArgumentException(counter.Name),
                };
                Assert.Equal((counter.Name, counter.Value.GetInt64()), (counter.Name, now));
            }
        }
    }

    /// <summary>The response is as the case says, and the connection serves another request in the client's newer version.</summary>
    private static async Task CheckResponseAsync(InnerServerRig rig, string response)
    {
        await EncodedResponseCase.CheckAsync(response, rig.Answer, anyCase: true);
        await rig.Client.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        await EncodedResponseCase.CheckAsync(response.Replace("HTTP/1.0", "HTTP/1.1", StringComparison.Ordinal), rig.Answer, anyCase: true);
    }

    private async Task CheckRefusedAsync(Http1Intake intake)
    {
        (int Status, string Details)? refusal = await RefusalAsync(intake);
        Assert.NotNull(refusal);
        if (expect.Number("status") is { } status)
            Assert.Equal((int)status, refusal.Value.Status);
        if (expect.Text("details") is { } details)
            Assert.Equal(details, refusal.Value.Details);
        if (expect.Find("headers_delivered") is { } delivered)
            Assert.Equal(delivered.GetBoolean(), _requests > 0);
        if (expect.Text("body_delivered") is { } body)
            Assert.Equal(body, Encoding.UTF8.GetString(_body.ToArray()));
    }

    private async Task<(int Status, string Details)?> RefusalAsync(Http1Intake intake)
    {
        await Task.WhenAny(_ended.Task, Task.Delay(Patience));
        if (intake.Fault is { } fault)
            return (fault.Status, fault.Details);
        if (_bodyFault is { } body)
            return (body.Status, body.Details);
        if (_version == "HTTP/1.0" && !WireCaseSettings.AcceptsHttp10(testCase))
        {
            // Understood by the codec, refused where requests are looked at (RequestHygiene).
            FailureRow row = FailureTable.Of(FailureReason.HttpVersionTooLow);
            return (row.Status, row.Details);
        }

        return null;
    }

    private async Task CheckAcceptedAsync(Http1Intake intake)
    {
        bool complete = expect.Find("complete")?.GetBoolean() ?? true;
        bool ends = expect.Find("end_of_request")?.GetBoolean() ?? true;
        if (!complete)
        {
            await Task.Delay(Quiet);
            Assert.Null(intake.Fault);
            Assert.Equal(0, _requests);
            return;
        }

        await (ends ? _ended.Task : _enough.Task).WaitAsync(Patience);
        Assert.Null(intake.Fault);
        Assert.Equal(ends, _ended.Task.IsCompleted);
        Assert.Equal(1, _requests);
        if (expect.Find("headers") is { } headers)
            CheckHeaders(headers);
        if (expect.Text("body") is { } body)
            Assert.Equal(body, Encoding.UTF8.GetString(_body.ToArray()));
        if (expect.Text("version") is { } version)
            Assert.Equal(version, _version);
        if (expect.Find("trailers_delivered") is { } trailers)
            Assert.Equal(trailers.GetBoolean(), _trailers);
    }

    private void CheckHeaders(JsonElement headers)
    {
        List<KeyValuePair<string, string>> expected = [.. headers.HeaderPairs().Select(static pair => KeyValuePair.Create(pair.Key, WireBytes.Value(pair.Value)))];
        if (expected.Exists(static pair => pair.Key == ":scheme"))
            _headers.Add(KeyValuePair.Create(":scheme", "http"));
        Assert.Equal(expected.Select(InOneCase).Order(PairOrder.Instance), _headers.Select(InOneCase).Order(PairOrder.Instance));
    }

    // The tokens of Connection have no case; the inner server keeps its own spelling of them.
    private static KeyValuePair<string, string> InOneCase(KeyValuePair<string, string> header) =>
        header.Key == "connection" ? KeyValuePair.Create(header.Key, header.Value.ToLowerInvariant()) : header;

    private async Task ServeAsync(DefaultHttpContext context, Http1Intake intake)
    {
        if (intake.Fault is not null)
        {
            _ended.TrySetResult();
            return;
        }

        if (Interlocked.Increment(ref _requests) == 1)
            Note(context, intake);
        try
        {
            await (intake.IsPayload ? ReadPayloadAsync(intake) : ReadBodyAsync(context));
        }
        catch (WireFaultException fault)
        {
            _bodyFault = fault.Fault;
            _ended.TrySetResult();
            return;
        }

        _trailers = context.Features.Get<IHttpRequestTrailersFeature>() is { Available: true, Trailers.Count: > 0 };
        _ended.TrySetResult();
        if (expect.Text("response_wire") is not null)
        {
            context.Response.ContentLength = 0;
            return;
        }

        // A second request stays unread until the first is answered: this one is only answered when the case is over.
        await Task.Delay(Patience, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Note(DefaultHttpContext context, Http1Intake intake)
    {
        IHttpRequestFeature request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        _version = request.Protocol;
        _headers.Add(KeyValuePair.Create(":method", request.Method));
        if (request.Method != "CONNECT")
            _headers.Add(KeyValuePair.Create(":path", intake.Target ?? request.RawTarget));
        string authority = request.Method == "CONNECT" ? request.RawTarget : intake.Host ?? context.Request.Headers.Host.ToString();
        if (authority.Length > 0)
            _headers.Add(KeyValuePair.Create(":authority", authority));
        foreach (var header in context.Request.Headers.Where(static header => header.Key != "Host"))
        {
            foreach (string? value in header.Value)
                _headers.Add(KeyValuePair.Create(header.Key.ToLowerInvariant(), value ?? ""));
        }
    }

    private async Task ReadBodyAsync(DefaultHttpContext context)
    {
        byte[] buffer = new byte[4096];
        while (await context.Request.Body.ReadAsync(buffer) is > 0 and var count)
            _body.AddRange(buffer.AsSpan(0, count));
    }

    private async Task ReadPayloadAsync(Http1Intake intake)
    {
        intake.OpenPayload();
        string? wanted = expect.Text("body");
        while (true)
        {
            if (wanted is null || _body.Count >= wanted.Length)
                _enough.TrySetResult();
            var read = await intake.ReadAsync();
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                _body.AddRange(piece.Span);
            intake.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }
}
