using System.Globalization;
using System.Text;

namespace Waypoint.Proxy.Wire;

/// <summary>Writes an upstream's interim response for the client: what belongs to the upstream's connection stays there.</summary>
internal static class InterimHead
{
    /// <summary>The head as the client gets it.</summary>
    public static byte[] Of(ResponseHead head)
    {
        List<HeaderLine> lines = [.. head.Lines];
        foreach (HeaderLine line in head.Lines)
        {
            if (line.Kind == HeaderKind.Connection)
            {
                foreach (string named in Encoding.Latin1.GetString(line.Value).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    lines.RemoveAll(other => string.Equals(Encoding.Latin1.GetString(other.Name), named, StringComparison.OrdinalIgnoreCase));
                }
            }
        }

        lines.RemoveAll(static line => line.Kind != HeaderKind.Other || IsOfConnection(line.Name));
        var text = new HeadWriter();
        text.Add(Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {head.Framing.Status} {head.Reason}\r\n")));
        text.Add(lines);
        return text.ToArray();
    }

    private static bool IsOfConnection(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "keep-alive"u8) || Ascii.EqualsIgnoreCase(name, "proxy-connection"u8) || Ascii.EqualsIgnoreCase(name, "te"u8) || Ascii.EqualsIgnoreCase(name, "trailer"u8);
}
