using System.Net;
using Microsoft.AspNetCore.Http;
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
        if (proxyRequest.Content is null && UpstreamRequestHead.NeedsContent(httpContext.Request.Headers))
        {
            // Entity headers of a request without a body need a content object to stand on, and only the forwarder's own is allowed.
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
            proxyRequest.Headers.Clear();
            proxyRequest.Content?.Headers.Clear();
        }

        UpstreamRequestHead.Write(exchange, Endpoint!.UriPrefix, exchange.Authority, proxyRequest);
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

        bool isUpgrade = proxyResponse.StatusCode == HttpStatusCode.SwitchingProtocols;
        exchange.ResponseAccepted(isUpgrade);
        HttpResponse response = httpContext.Response;
        IHeaderDictionary headers = response.Headers;
        CopyBack(proxyResponse.Headers.NonValidated, headers);
        CopyBack(proxyResponse.Content.Headers.NonValidated, headers);
        ResponseHygiene.AddServer(exchange, headers);
        ResponseHygiene.AddServiceTime(exchange, headers, exchange.SinceAttempt());
        foreach (GeneratedCookie cookie in exchange.NewCookies ?? [])
        {
            headers.Append("set-cookie", cookie.ToHeader());
        }

        exchange.EditResponse();
        if (!isUpgrade)
        {
            proxyResponse.Content = new PromptContent(proxyResponse.Content, exchange);
        }

        return new(true);
    }

    private static void CopyBack(System.Net.Http.Headers.HttpHeadersNonValidated source, IHeaderDictionary target)
    {
        foreach (KeyValuePair<string, System.Net.Http.Headers.HeaderStringValues> header in source)
        {
            if (UpstreamRequestHead.IsHopByHop(header.Key))
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
}
