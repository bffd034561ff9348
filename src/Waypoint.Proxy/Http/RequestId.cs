namespace Waypoint.Proxy.Http;

/// <summary>Makes values of <c>x-request-id</c>: UUIDs of version 4, whose 15th digit stays 4 as long as no trace is sampled.</summary>
internal static class RequestId
{
    /// <summary>A new identifier. Random.Shared and not Guid.NewGuid: the identifier is no secret, and the latter asks the kernel for every one.</summary>
    public static string Create()
    {
        Span<byte> bytes = stackalloc byte[16];
#pragma warning disable CA5394 // correlates log lines, protects nothing
        Random.Shared.NextBytes(bytes);
#pragma warning restore CA5394
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
