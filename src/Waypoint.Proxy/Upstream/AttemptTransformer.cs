using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Waypoint.Proxy.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Waypoint.Proxy.Upstream;

/// <summary>Carries one attempt's headers through the forwarder: request headers as they stand after hygiene, filters and route edits; response headers back,
/// unless the answer is one that must be tried again, which then never reaches the client.</summary>
internal sealed class AttemptTransformer(HttpExchange exchange) : HttpTransformer
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>True after an attempt whose answer was kept back for a retry.</summary>
    public bool AnswerKeptBack { get; private set; }

    /// <summary>The endpoint of this attempt.</summary>
    public EndpointRuntime? Endpoint { get; private set; }

    /// <summary>Prepares for one attempt.</summary>
    public void Prepare(EndpointRuntime endpoint)
    {
        Endpoint = endpoint;
        AnswerKeptBack = false;
    }

    /// <summary>Forgets the request.</summary>
    public void Reset()
    {
        Endpoint = null;
        AnswerKeptBack = false;
    }

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        if (proxyRequest.Content is null && HasEntityHeaders(httpContext.Request.Headers))
        {
            // Entity headers of a request without a body need a content object to stand on, and only the forwarder's own is allowed.
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
            proxyRequest.Headers.Clear();
            proxyRequest.Content?.Headers.Clear();
        }

        // The path goes out byte for byte as it was matched: canonicalisation would let a policy and the upstream see different paths.
        proxyRequest.RequestUri = new Uri(Endpoint!.UriPrefix + exchange.Path, AsIs);
        bool chunkedLength = proxyRequest.Content is not null && httpContext.Request.Headers.TransferEncoding.Count > 0;
        foreach (KeyValuePair<string, StringValues> header in httpContext.Request.Headers)
        {
            if (header.Value.Count == 0 || IsHopByHop(header.Key) || (chunkedLength && header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            Copy(proxyRequest, header.Key, header.Value);
        }

        proxyRequest.Headers.Host = exchange.Authority;
        if (httpContext.Request.Headers.TE.Count > 0)
        {
            proxyRequest.Headers.TryAddWithoutValidation("te", "trailers");
        }
    }

    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return new(false);
        }

        if (UpstreamRouter.ShouldRetryResponse(exchange, proxyResponse))
        {
            AnswerKeptBack = true;
            return new(false);
        }

        bool isUpgrade = proxyResponse.StatusCode == HttpStatusCode.SwitchingProtocols;
        exchange.ResponseAccepted(isUpgrade);
        HttpResponse response = httpContext.Response;
        IHeaderDictionary headers = response.Headers;
        CopyBack(proxyResponse.Headers.NonValidated, headers);
        CopyBack(proxyResponse.Content.Headers.NonValidated, headers);
        ResponseHygiene.AddServer(exchange, headers);
        ResponseHygiene.AddServiceTime(exchange, headers, exchange.SinceAttempt());
        exchange.EditResponse();
        if (!isUpgrade)
        {
            proxyResponse.Content = new PromptContent(proxyResponse.Content, exchange);
        }

        return new(true);
    }

    private static bool HasEntityHeaders(IHeaderDictionary headers) =>
        headers.ContentType.Count > 0 || headers.ContentEncoding.Count > 0 || headers.ContentLanguage.Count > 0 || headers.ContentLocation.Count > 0
        || headers.ContentDisposition.Count > 0 || headers.Allow.Count > 0 || headers.Expires.Count > 0 || headers.LastModified.Count > 0;

    private static void Copy(HttpRequestMessage request, string name, StringValues values)
    {
        // Several lines become one with plain commas, as they would on their way through HTTP/2 and back; the client's own way of joining adds blanks.
        string value = values.Count == 1 ? values.ToString() : string.Join(name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) ? "; " : ",", values.ToArray());
        if (!request.Headers.TryAddWithoutValidation(name, value))
        {
            request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static void CopyBack(System.Net.Http.Headers.HttpHeadersNonValidated source, IHeaderDictionary target)
    {
        foreach (KeyValuePair<string, System.Net.Http.Headers.HeaderStringValues> header in source)
        {
            if (IsHopByHop(header.Key))
            {
                continue;
            }

            if (header.Value.Count == 1)
            {
                target.Append(header.Key, header.Value.ToString());
            }
            else
            {
                foreach (string value in header.Value)
                {
                    target.Append(header.Key, value);
                }
            }
        }
    }

    private static bool IsHopByHop(string name) => name.Length switch
    {
        2 => name.Equals("TE", StringComparison.OrdinalIgnoreCase),
        4 => name.Equals("Host", StringComparison.OrdinalIgnoreCase),
        7 => name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase),
        10 => name.Equals("Connection", StringComparison.OrdinalIgnoreCase) || name.Equals("Keep-Alive", StringComparison.OrdinalIgnoreCase),
        14 => name.Equals("HTTP2-Settings", StringComparison.OrdinalIgnoreCase),
        16 => name.Equals("Proxy-Connection", StringComparison.OrdinalIgnoreCase),
        17 => name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase),
        _ => name.Length > 0 && name[0] == ':',
    };
}
