using System.IO.Pipelines;

namespace Waypoint.Hbone.Tests.Testing;

/// <summary>Many bytes, each a function of its place, so that a lost, doubled or exchanged one is seen.</summary>
internal static class Bulk
{
    public static async Task SendAsync(PipeWriter output, int bytes, int seed)
    {
        byte[] chunk = new byte[64 << 10];
        for (int sent = 0; sent < bytes;)
        {
            int length = Math.Min(chunk.Length, bytes - sent);
            for (int i = 0; i < length; i++)
                chunk[i] = At(sent + i, seed);
            Assert.False((await output.WriteAsync(chunk.AsMemory(0, length))).IsCompleted);
            sent += length;
        }
        await output.CompleteAsync();
    }

    public static async Task ReceiveAsync(PipeReader input, int bytes, int seed)
    {
        int received = 0;
        while (true)
        {
            ReadResult result = await input.ReadAsync();
            foreach (ReadOnlyMemory<byte> piece in result.Buffer)
                received = Check(piece.Span, received, seed);
            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                break;
        }
        Assert.Equal(bytes, received);
        await input.CompleteAsync();
    }

    private static int Check(ReadOnlySpan<byte> bytes, int offset, int seed)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != At(offset + i, seed))
                Assert.Fail($"Byte {offset + i} is wrong.");
        }
        return offset + bytes.Length;
    }

    private static byte At(int offset, int seed) => (byte)(offset ^ (offset >> 8) ^ (offset >> 16) ^ seed);
}
