using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Waypoint.Model.Hashing;
using Waypoint.Proxy.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Waypoint.Proxy.Upstream;

/// <summary>Carries one attempt's headers through the forwarder: request headers as they stand after hygiene, filters and route edits; response headers back,
/// unless the answer is one that must be tried again, which then never reaches the client.</summary>
internal sealed class AttemptTransformer(HttpExchange exchange) : HttpTransformer
{
    /// <summary>True after an attempt whose answer was kept back for a retry.</summary>
    public bool AnswerKeptBack { get; private set; }

    /// <summary>Sends this attempt's request.</summary>
    public AttemptInvoker Invoker { get; } = new();

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
        Invoker.On(null);
    }

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        HttpRequestMessage message = proxyRequest;
        HttpContent? content = proxyRequest.Content;
        if (content is null && UpstreamRequestHead.NeedsContent(exchange.RequestHeaders))
        {
            // Entity headers of a request without a body need a content object to stand on, and only the forwarder's own is allowed.
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
            proxyRequest.Headers.Clear();
            content = proxyRequest.Content;
            content?.Headers.Clear();
        }
        else if (content is not null && proxyRequest.Version.Major == 1)
        {
            content = Invoker.Content = new UploadContent(content);
        }
        else if (content is not null && httpContext.Request.ContentLength is null)
        {
            content = Invoker.Content = new TrailingContent(content, exchange);
        }

        Uri uri = Endpoint!.UriOf(exchange.Path);
        if (exchange.Interims.Output is not null && proxyRequest.Version.Major == 1 && !exchange.IsUpgrade)
        {
            // The forwarder looks at no more of its own message than whether it has an address.
            proxyRequest.RequestUri = uri;
            message = Invoker.Message = new UpstreamRequest(exchange.Interims) { Method = proxyRequest.Method, Version = proxyRequest.Version, VersionPolicy = proxyRequest.VersionPolicy };
        }

        UpstreamRequestHead.Write(exchange, uri, exchange.Authority, message, content);
    }

    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return new(false);
        }

        Endpoint!.Answered(OutlierStatus.Of(exchange, proxyResponse));
        if (UpstreamRouter.ShouldRetryResponse(exchange, proxyResponse))
        {
            AnswerKeptBack = true;
            return new(false);
        }

        // Over HTTP/2 an upgrade is agreed on with 200 (RFC 8441, 5).
        bool isUpgrade = proxyResponse.StatusCode == HttpStatusCode.SwitchingProtocols
            || (proxyResponse.StatusCode == HttpStatusCode.OK && proxyResponse.RequestMessage?.Headers.Protocol is not null);
        exchange.ResponseAccepted(isUpgrade);
        HttpResponse response = httpContext.Response;
        IHeaderDictionary headers = response.Headers;
        // No name repeats within the answer, so where nothing was set before a header is set without being looked for.
        bool isEmpty = headers.Count == 0;
        CopyBack(proxyResponse.Headers.NonValidated, headers, isEmpty);
        CopyBack(proxyResponse.Content.Headers.NonValidated, headers, isEmpty);
        ResponseHygiene.AddServer(exchange, headers);
        ResponseHygiene.AddServiceTime(exchange, headers, exchange.SinceAttempt());
        AttemptCount.Report(exchange, headers);
        if (exchange.NewCookies is { } cookies)
        {
            foreach (GeneratedCookie cookie in cookies)
            {
                headers.Append("set-cookie", cookie.ToHeader());
            }
        }

        exchange.EditResponse();
        if (!isUpgrade)
        {
            if (exchange is { SendsBody: true, Wire.IsBodyRead: false })
            {
                // The answer comes before the request has ended: where the next one begins may never be known.
                headers.Connection = "close";
            }

            proxyResponse.Content = new PromptContent(proxyResponse.Content, exchange);
        }

        return new(true);
    }

    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        if (exchange.EditsTrailers)
        {
            return EditTrailersAsync(httpContext, proxyResponse);
        }

        // HTTP/1.1 answers of the server have no place for them.
        return exchange.Wire is null ? base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken) : default;
    }

    private async ValueTask EditTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse)
    {
        // Edited apart from the server's own, because HTTP/1.1 responses have no place for them and a filter may still want to see them.
        var trailers = new HeaderDictionary();
        CopyBack(proxyResponse.TrailingHeaders.NonValidated, trailers, isEmpty: true);
        await exchange.EditTrailersAsync(trailers).ConfigureAwait(false);
        if (trailers.Count > 0 && httpContext.Features.Get<IHttpResponseTrailersFeature>() is { Trailers: { IsReadOnly: false } target })
        {
            foreach (KeyValuePair<string, StringValues> trailer in trailers)
            {
                target[trailer.Key] = trailer.Value;
            }
        }
    }

    private static void CopyBack(System.Net.Http.Headers.HttpHeadersNonValidated source, IHeaderDictionary target, bool isEmpty)
    {
        foreach (KeyValuePair<string, System.Net.Http.Headers.HeaderStringValues> header in source)
        {
            if (UpstreamRequestHead.IsHopByHop(header.Key))
            {
                continue;
            }

            if (header.Value.Count == 1 && isEmpty)
            {
                target[header.Key] = header.Value.ToString();
            }
            else if (header.Value.Count == 1)
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
}
