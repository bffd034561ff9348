namespace Waypoint.Proxy.Upstream;

/// <summary>An HTTP/1.1 connection. The client repeats a request whose connection ended before the first byte of the answer; seen as an error instead of an end, it does not.</summary>
internal sealed class Http1UpstreamStream(Stream inner) : UpstreamStream(inner)
{
    private bool _awaitsAnswer;

    protected override void OnRead(Span<byte> bytes)
    {
        if (bytes.IsEmpty && _awaitsAnswer)
        {
            throw new IOException("The upstream closed the connection before it answered.");
        }

        _awaitsAnswer = false;
    }

    protected override void OnWrite() => _awaitsAnswer = true;
}
