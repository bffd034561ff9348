using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Upstream;

/// <summary>Writes the head of a request to an upstream: path, authority and headers as they stand after hygiene, filters and route edits.</summary>
internal static class UpstreamRequestHead
{
    /// <summary>Fills <paramref name="message"/>; the entity headers go to <paramref name="content"/>, if there is one.</summary>
    public static void Write(HttpExchange exchange, Uri uri, string authority, HttpRequestMessage message, HttpContent? content)
    {
        message.RequestUri = uri;
        IHeaderDictionary headers = exchange.RequestHeaders;
        bool chunkedLength = content is not null && headers.TransferEncoding.Count > 0;
        foreach (KeyValuePair<string, StringValues> header in headers)
        {
            if (header.Value.Count == 0 || IsHopByHop(header.Key) || (chunkedLength && header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            Copy(message, content, header.Key, header.Value);
        }

        message.Headers.Host = authority;
        if (headers.TE.Count > 0)
        {
            message.Headers.TryAddWithoutValidation("te", "trailers");
        }
    }

    /// <summary>Whether a request without a body has entity headers, which need a content object to stand on.</summary>
    public static bool NeedsContent(IHeaderDictionary headers) =>
        headers.ContentType.Count > 0 || headers.ContentEncoding.Count > 0 || headers.ContentLanguage.Count > 0 || headers.ContentLocation.Count > 0
        || headers.ContentDisposition.Count > 0 || headers.Allow.Count > 0 || headers.Expires.Count > 0 || headers.LastModified.Count > 0;

    /// <summary>Headers that belong to one connection, and pseudo headers.</summary>
    public static bool IsHopByHop(string name) => name.Length switch
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

    private static void Copy(HttpRequestMessage request, HttpContent? content, string name, StringValues values)
    {
        // Several lines become one with plain commas, as they would on their way through HTTP/2 and back; the client's own way of joining adds blanks.
        string value = values.Count == 1 ? values.ToString() : string.Join(name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) ? "; " : ",", values.ToArray());
        if (!request.Headers.TryAddWithoutValidation(name, value))
        {
            content?.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
