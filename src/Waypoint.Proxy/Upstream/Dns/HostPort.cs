using System.Buffers;
using System.Globalization;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>A host with a port, from an authority or from the text of an endpoint that has no address.</summary>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">1 to 65535.</param>
internal readonly record struct HostPort(string Host, int Port)
{
    private const int MaxNameLength = 253;
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/@?#[]: \t%");

    /// <summary>Splits <c>host</c>, <c>host:port</c>, <c>[v6]</c> or <c>[v6]:port</c>; false if that is none, or no host name can look so.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, int defaultPort, out HostPort result)
    {
        result = default;
        ReadOnlySpan<char> host = text;
        ReadOnlySpan<char> port = default;
        bool bracketed = text.StartsWith("[");
        int end = bracketed ? text.IndexOf(']') + 1 : text.IndexOf(':');
        if (bracketed && end == 0)
        {
            return false;
        }

        if (end > 0 && end < text.Length)
        {
            if (text[end] != ':')
            {
                return false;
            }

            port = text[(end + 1)..];
            host = text[..end];
        }

        int number = defaultPort;
        if (!port.IsEmpty && !int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return false;
        }

        host = bracketed ? host[1..^1] : host;
        if (host.IsEmpty || host.Length > MaxNameLength || number is < 1 or > ushort.MaxValue || (!bracketed && host.ContainsAny(NotInNames)))
        {
            return false;
        }

        result = new HostPort(host.ToString().ToLowerInvariant(), number);
        return true;
    }
}
