namespace Waypoint.Proxy.Wire;

/// <summary>Checks the target of a request line. Stricter than what servers behind us may accept, so that they and our policies see the same path.</summary>
internal static class RequestTarget
{
    /// <summary>Whether the target may stand in a request line.</summary>
    /// <param name="target">The bytes between method and version.</param>
    /// <param name="isConnect">True for CONNECT, whose target is a host with its port.</param>
    public static bool IsValid(ReadOnlySpan<byte> target, bool isConnect)
    {
        if (target.IsEmpty)
        {
            return false;
        }

        if (target[0] is (byte)'/' or (byte)'*')
        {
            return !target.ContainsAnyExcept(Http1Chars.Path);
        }

        if (!isConnect)
        {
            int scheme = SchemeLength(target);
            if (scheme == 0)
            {
                return false;
            }

            target = target[(scheme + 3)..];
        }

        int path = target.IndexOfAny((byte)'/', (byte)'?');
        if (isConnect && path >= 0)
        {
            return false;
        }

        ReadOnlySpan<byte> host = path < 0 ? target : target[..path];
        return !host.ContainsAnyExcept(Http1Chars.TargetHost)
            && host.IndexOf("@@"u8) < 0
            && (path < 0 || !target[path..].ContainsAnyExcept(Http1Chars.Path));
    }

    /// <summary>Length of the scheme in front of <c>://</c>; 0 if there is none.</summary>
    private static int SchemeLength(ReadOnlySpan<byte> target)
    {
        int end = target.IndexOfAnyExcept(Http1Chars.Scheme);
        return end > 0 && char.IsAsciiLetter((char)target[0]) && target[end..].StartsWith("://"u8) ? end : 0;
    }
}
