using System.Buffers;
using System.Net;
using Waypoint.Model.Clusters;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Headers;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Pools;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>Asks a service that gets the request's head and answers with a status.</summary>
internal static class HttpAuthorizer
{
    /// <summary>A longer answer is none: it would be kept in memory for a client that was not let in.</summary>
    private const int MaxAnswerBytes = 1024 * 1024;

    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Asks about a request. Whatever goes wrong is an answer too.</summary>
    public static async Task<CheckAnswer> AskAsync(HttpExchange exchange, ExtAuthzFilterConfig config, HttpAuthorizerService service, CheckBody body)
    {
        if (ServiceEndpoint.Pick(exchange.Snapshot, service.Cluster, out ClusterConfig? cluster) is not { } endpoint)
        {
            return CheckAnswer.Failed;
        }

        using var deadline = new CancellationTokenSource(service.Timeout > TimeSpan.Zero ? service.Timeout : Timeout.InfiniteTimeSpan, exchange.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, exchange.ClientGone);
        try
        {
            Version version = cluster!.HttpVersion == UpstreamHttpVersion.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
            using HttpRequestMessage question = Question(exchange, config, service, body, endpoint.UriPrefix, version);
            using PoolLease lease = endpoint.Rent(version, endpoint.VariantFor(question.Headers.Host, source: null, destination: null));
            using HttpResponseMessage answer = await lease.Invoker.SendAsync(question, end.Token).ConfigureAwait(false);
            ReadOnlyMemory<byte>? text = await ReadBodyAsync(answer, end.Token).ConfigureAwait(false);
            return text is { } read ? service.Read((int)answer.StatusCode, Lines(answer), read) : CheckAnswer.Failed;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or UpstreamConnectException or UriFormatException or FormatException)
        {
            return CheckAnswer.Failed;
        }
        finally
        {
            endpoint.Release();
        }
    }

    private static HttpRequestMessage Question(
        HttpExchange exchange, ExtAuthzFilterConfig config, HttpAuthorizerService service, CheckBody body, string uriPrefix, Version version)
    {
        var question = new HttpRequestMessage(HttpMethod.Parse(exchange.Method), new Uri(uriPrefix + service.PathPrefix + exchange.Path, AsIs))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            // Also without a body: a service may wait for the length.
            Content = new ReadOnlyMemoryContent(body.Bytes),
        };
        question.Headers.Host = exchange.Authority;
        foreach ((string name, string value) in ToldHeaders.Of(exchange, config))
        {
            if (!IsWrittenElsewhere(name))
            {
                Add(question, name, value);
            }
        }

        if (body.IsRead)
        {
            Set(question, ExtAuthzFilterConfig.PartialBodyHeader, body.IsPartial ? "true" : "false");
        }

        foreach ((string name, HeaderFormat value) in service.Headers)
        {
            Set(question, name, value.Render(exchange.FormatValues));
        }

        return question;
    }

    private static bool IsWrittenElsewhere(string name) => name[0] == ':' || name == "content-length" || UpstreamRequestHead.IsHopByHop(name);

    private static void Add(HttpRequestMessage question, string name, string value)
    {
        if (!question.Headers.TryAddWithoutValidation(name, value))
        {
            question.Content!.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static void Set(HttpRequestMessage question, string name, string value)
    {
        switch (name)
        {
            case "host" or ":authority":
                question.Headers.Host = value;
                return;
            case "content-length":
                return;
            default:
                question.Headers.Remove(name);
                Add(question, name, value);
                return;
        }
    }

    private static List<KeyValuePair<string, string>> Lines(HttpResponseMessage answer)
    {
        var lines = new List<KeyValuePair<string, string>>();
        Append(answer.Headers.NonValidated, lines);
        Append(answer.Content.Headers.NonValidated, lines);
        return lines;
    }

    private static void Append(System.Net.Http.Headers.HttpHeadersNonValidated headers, List<KeyValuePair<string, string>> lines)
    {
        foreach (KeyValuePair<string, System.Net.Http.Headers.HeaderStringValues> header in headers)
        {
            // Matchers expect lower case.
#pragma warning disable CA1308
            string name = header.Key.ToLowerInvariant();
#pragma warning restore CA1308
            foreach (string value in header.Value)
            {
                lines.Add(new(name, value));
            }
        }
    }

    /// <summary>The whole body; null if it is too long.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentLength is { } length && (length == 0 || length > MaxAnswerBytes))
        {
            return length == 0 ? default(ReadOnlyMemory<byte>) : null;
        }

        Stream source = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var text = new ArrayBufferWriter<byte>();
        while (text.WrittenCount <= MaxAnswerBytes)
        {
            int read = await source.ReadAsync(text.GetMemory(), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                return text.WrittenMemory;
            }

            text.Advance(read);
        }

        return null;
    }
}
