using System.Text;

namespace Waypoint.Proxy.Wire;

/// <summary>Whether headers whose name begins with <c>x-envoy-</c> may be in a head, found by one vectorised search: requests of applications have none, and need not be asked for twenty names.</summary>
internal static class EnvoyHeaders
{
    /// <summary>False: surely none. May be true for a value that holds the prefix.</summary>
    public static bool MayOccur(ReadOnlySpan<byte> head)
    {
        const int VAt = 4;
        while (true)
        {
            int v = head.IndexOfAny((byte)'v', (byte)'V');
            if (v < 0)
            {
                return false;
            }

            if (v >= VAt && head.Length - v >= VAt && Ascii.EqualsIgnoreCase(head.Slice(v - VAt, 8), "x-envoy-"u8))
            {
                return true;
            }

            head = head[(v + 1)..];
        }
    }
}
