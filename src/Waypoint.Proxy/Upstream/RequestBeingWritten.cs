using System.Text;

namespace Waypoint.Proxy.Upstream;

/// <summary>Tells a connection whose request the HTTP client writes to it. The client asks for the encoding of each header while it puts a head together, and hands the head to the
/// connection on the same thread without waiting in between: what was asked about last is what is written.</summary>
internal static class RequestBeingWritten
{
    [ThreadStatic]
    private static HttpRequestMessage? t_request;

    /// <summary>The client's question, for an HTTP/1.1 connection. Header bytes above 0x7F pass as they are.</summary>
    public static Encoding? EncodingOf(string header, HttpRequestMessage request)
    {
        t_request = request;
        return Encoding.Latin1;
    }

    /// <summary>The request whose head arrives; null for one without headers.</summary>
    public static HttpRequestMessage? Take()
    {
        HttpRequestMessage? request = t_request;
        t_request = null;
        return request;
    }
}
