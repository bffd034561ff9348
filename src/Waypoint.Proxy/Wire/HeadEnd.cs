namespace Waypoint.Proxy.Wire;

/// <summary>Finds the blank line that ends a head or trailers, over any number of pieces, each byte looked at once.</summary>
internal struct HeadEnd
{
    private bool _inLine;
    private bool _afterReturn;
    private bool _inHead;

    /// <summary>Trailers may consist of the blank line alone; before a head, blank lines are passed over.</summary>
    public static HeadEnd OfTrailers => new() { _inHead = true };

    /// <summary>Looks at the next bytes. The number of bytes up to and with the end, or -1 if it is not among them.</summary>
    public int Find(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            if (!_inLine)
            {
                // At the start of a line: a line feed, or a return and a line feed, make it blank.
                byte next = bytes[at];
                if (next == '\n')
                {
                    at++;
                    _afterReturn = false;
                    if (_inHead)
                    {
                        return at;
                    }

                    continue;
                }

                if (next == '\r' && !_afterReturn)
                {
                    _afterReturn = true;
                    at++;
                    continue;
                }

                _inLine = true;
            }

            _afterReturn = false;
            _inHead = true;
            int end = bytes[at..].IndexOf((byte)'\n');
            if (end < 0)
            {
                return -1;
            }

            at += end + 1;
            _inLine = false;
        }

        return -1;
    }
}
