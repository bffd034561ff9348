using System.Text;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests.Wire;

/// <summary>Runs scripted reads through an upstream stream.</summary>
internal static class UpstreamRig
{
    /// <summary>What a reader gets of the pieces after a request was written.</summary>
    public static string Pass(string request, byte[][] pieces, out bool failed, Http1Config? config = null)
    {
        using var stream = new Http1UpstreamStream(new PieceStream(pieces), config ?? Http1Config.UpstreamDefault);
        if (request.Length > 0)
            stream.WriteAsync(Encoding.Latin1.GetBytes(request)).AsTask().GetAwaiter().GetResult();
        var passed = new StringBuilder();
        byte[] buffer = new byte[4096];
        failed = false;
        try
        {
            while (stream.ReadAsync(buffer).AsTask().GetAwaiter().GetResult() is > 0 and var count)
                passed.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
            failed = true;
        }

        return passed.ToString();
    }

    private sealed class PieceStream(byte[][] pieces) : MemoryStream
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_next < pieces.Length && pieces[_next].Length == 0)
                _next++;
            if (_next == pieces.Length)
                return new(0);
            byte[] piece = pieces[_next];
            int count = Math.Min(piece.Length, buffer.Length);
            piece.AsMemory(0, count).CopyTo(buffer);
            pieces[_next] = piece[count..];
            return new(count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;
    }
}
