using System.Buffers;
using Waypoint.Hbone.Hpack;

namespace Waypoint.Hbone.Terminate;

/// <summary>The header fields of a new stream, judged by the rules of HTTP/2 and of classic CONNECT.</summary>
internal readonly record struct ConnectHead(ConnectHead.Verdict Result, int Status, string AuthorityText, ConnectAuthority? Authority)
{
    /// <summary>What follows from the fields.</summary>
    public enum Verdict
    {
        /// <summary>A CONNECT that a handler may see.</summary>
        Connect,

        /// <summary>Answered with <see cref="Status"/>.</summary>
        Refused,

        /// <summary>Malformed: the stream is reset with PROTOCOL_ERROR.</summary>
        Malformed,
    }

    private static readonly SearchValues<char> NameChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");
    private static readonly SearchValues<char> ForbiddenInValues = SearchValues.Create("\0\r\n");

    private static ConnectHead Malformed => new(Verdict.Malformed, 0, "", null);

    /// <summary>Judges the fields of a request.</summary>
    public static ConnectHead Read(HeaderList headers)
    {
        if (headers.IsTooLarge)
            return Refused(431, "");
        string? method = null;
        string? authority = null;
        bool otherPseudo = false;
        bool regular = false;
        for (int i = 0; i < headers.Count; i++)
        {
            (string name, string value) = headers[i];
            if (value.AsSpan().ContainsAny(ForbiddenInValues))
                return Malformed;
            if (name.StartsWith(':'))
            {
                bool known = name switch
                {
                    ":method" => TrySetOnce(ref method, value),
                    ":authority" => TrySetOnce(ref authority, value),
                    ":scheme" or ":path" => otherPseudo = true,
                    _ => false,
                };
                if (!known || regular)
                    return Malformed;
                continue;
            }
            regular = true;
            if (!IsAllowed(name, value))
                return Malformed;
        }
        if (method is null || (method == "CONNECT" && otherPseudo))
            return Malformed;
        // As Envoy, which has no route for anything but CONNECT.
        if (method != "CONNECT")
            return Refused(404, authority ?? "");
        if (authority is null || !ConnectAuthority.TryParse(authority, out ConnectAuthority? parsed))
            return Refused(400, authority ?? "");
        return new ConnectHead(Verdict.Connect, 200, authority, parsed);
    }

    private static ConnectHead Refused(int status, string authority) => new(Verdict.Refused, status, authority, null);

    private static bool TrySetOnce(ref string? field, string value)
    {
        if (field is not null)
            return false;
        field = value;
        return true;
    }

    private static bool IsAllowed(string name, string value) => name switch
    {
        "" or "connection" or "keep-alive" or "proxy-connection" or "transfer-encoding" or "upgrade" => false,
        "te" => value == "trailers",
        _ => !name.AsSpan().ContainsAnyExcept(NameChars),
    };
}
