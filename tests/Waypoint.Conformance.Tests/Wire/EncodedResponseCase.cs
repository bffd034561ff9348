using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Wire;

namespace Waypoint.Conformance.Tests.Wire;

/// <summary>A case about the bytes of a response as the inner server writes them. The order of header lines does not count, the case of their names only where the case sets a format;
/// <c>date</c>, which the layer above the codec would add, and the <c>connection</c> of a 101 or of HTTP/1.0 are passed over.</summary>
internal sealed class EncodedResponseCase(JsonElement testCase)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Http1Config _config = WireCaseSettings.Read(testCase, Http1Config.Default);

    internal static async Task RunAsync(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("wire");
        var running = new EncodedResponseCase(testCase);
        await using InnerServerRig rig = await InnerServerRig.StartAsync(running._config, running.ServeAsync);
        await rig.Client.WriteAsync(WireBytes.Encode(testCase.Text("request_wire")!));
        await CheckAsync(expect.Text("wire")!, rig.Answer, anyCase: !running._config.ProperCaseWords);
    }

    /// <summary>Reads one response and compares it.</summary>
    internal static async Task CheckAsync(string expected, PipeReader answer, bool anyCase)
    {
        int bodyBytes = expected.Length - expected.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4;
        string found = await ReadAsync(answer, bodyBytes).WaitAsync(Patience);
        Assert.Equal(Parse(expected, anyCase), Parse(found, anyCase));
    }

    private static async Task<string> ReadAsync(PipeReader answer, int bodyBytes)
    {
        while (true)
        {
            ReadResult read = await answer.ReadAsync();
            string text = Encoding.Latin1.GetString(read.Buffer.ToArray());
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read.IsCompleted || (end >= 0 && text.Length >= end + 4 + bodyBytes))
            {
                answer.AdvanceTo(read.Buffer.End);
                return text;
            }

            answer.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static string Parse(string wire, bool anyCase)
    {
        int end = wire.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        string[] lines = wire[..end].Split("\r\n");
        bool hasConnection = lines[0].StartsWith("HTTP/1.1 101", StringComparison.Ordinal) || lines[0].StartsWith("HTTP/1.0", StringComparison.Ordinal);
        IEnumerable<string> headers = lines.Skip(1)
            .Select(line => line.Split(": ", 2) is [var name, var value] ? $"{(anyCase ? name.ToLowerInvariant() : name)}: {value}" : line)
            .Where(line => !line.StartsWith("date:", StringComparison.OrdinalIgnoreCase) && !(hasConnection && line.StartsWith("connection:", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
        return lines[0] + "\n" + string.Join("\n", headers) + "\n\n" + wire[(end + 4)..];
    }

    private async Task ServeAsync(DefaultHttpContext context, Http1Intake intake)
    {
        JsonElement response = testCase.GetProperty("response");
        response.RequireOnly("headers", "body");
        int status = 200;
        foreach (KeyValuePair<string, string> header in response.GetProperty("headers").HeaderPairs())
        {
            if (header.Key == ":status")
                status = int.Parse(header.Value, System.Globalization.CultureInfo.InvariantCulture);
            else
                context.Response.Headers.Append(header.Key, header.Value);
        }

        if (_config.ProperCaseWords)
            HeaderWords.UseInResponse(context.Response);
        if (status == 101)
        {
            intake.OpenPayload();
            await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await Task.Delay(Patience, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        context.Response.StatusCode = status;
        if (response.Text("body") is { } body)
            await context.Response.Body.WriteAsync(WireBytes.Encode(body));
    }
}
