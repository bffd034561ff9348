using System.Buffers;

namespace Waypoint.Proxy.Wire;

/// <summary>The alphabets of HTTP/1 (RFC 9110, RFC 9112).</summary>
internal static class Http1Chars
{
    /// <summary>Characters of a token: methods, header names, protocols.</summary>
    public static readonly SearchValues<byte> Token = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"u8);

    /// <summary>Token without the underscore, for where underscores are dropped or refused.</summary>
    public static readonly SearchValues<byte> TokenWithoutUnderscore = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^`|~"u8);

    /// <summary>What may not stand in a header value: control characters but the tab. The end of the line is one of them.</summary>
    public static readonly SearchValues<byte> NotInValue = SearchValues.Create(Controls());

    /// <summary>Characters of a path and query.</summary>
    public static readonly SearchValues<byte> Path = SearchValues.Create(Range(0x21, 0x7E));

    /// <summary>Characters of the host in a target.</summary>
    public static readonly SearchValues<byte> TargetHost = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!$%&'()*+,-.:;=@[]_~"u8);

    /// <summary>Characters of names that hosts really have.</summary>
    public static readonly SearchValues<byte> HostName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"u8);

    /// <summary>Characters of an IPv6 address.</summary>
    public static readonly SearchValues<byte> AddressText = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Characters of a Host header.</summary>
    public static readonly SearchValues<byte> Authority = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@%[]"u8);

    /// <summary>Characters of a scheme after its first letter.</summary>
    public static readonly SearchValues<byte> Scheme = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-."u8);

    private static byte[] Controls() => [.. Range(0x00, 0x08), .. Range(0x0A, 0x1F), 0x7F];

    private static byte[] Range(int first, int last)
    {
        var bytes = new byte[last - first + 1];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(first + i);
        }

        return bytes;
    }
}
