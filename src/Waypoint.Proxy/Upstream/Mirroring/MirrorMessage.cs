using Waypoint.Model.Routes;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>Makes the head of a copy: what the main upstream gets, but for the authority if the policy says so.</summary>
internal static class MirrorMessage
{
    /// <summary>The copy of the request as it stands after the route's edits. It shares nothing with the exchange, which serves another request by the time this one is sent.</summary>
    public static HttpRequestMessage Create(HttpExchange exchange, MirrorPolicy policy, Uri uri, Version version, MirrorBody? body)
    {
        var message = new HttpRequestMessage
        {
            Method = HttpMethod.Parse(exchange.Method),
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (body is not null)
        {
            message.Content = new MirrorContent(body);
        }
        else if (UpstreamRequestHead.NeedsContent(exchange.RequestHeaders))
        {
            message.Content = new ByteArrayContent([]);
        }

        UpstreamRequestHead.Write(exchange, uri, MirrorAuthority.Of(exchange.Authority, policy.AppendShadowSuffix), message, message.Content);
        return message;
    }
}
