using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Waypoint.Proxy.Tests.Upstream.Dns;

/// <summary>A name server on a real UDP socket that does what the test says about each name: answer, be silent, fail.</summary>
internal sealed class NameServer : IAsyncDisposable
{
    public const int NameError = 3;
    public const int ServerFailure = 2;

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public NameServer() => _loop = RunAsync();

    public IPEndPoint EndPoint => (IPEndPoint)_socket.Client.LocalEndPoint!;

    /// <summary>By name: addresses, or a response code; a name that is not here gets no answer at all.</summary>
    public ConcurrentDictionary<string, (string[] Addresses, int Code)> Names { get; } = new();

    public ConcurrentQueue<string> Asked { get; } = new();

    public uint Ttl { get; set; } = 30;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult question = await _socket.ReceiveAsync(_stop.Token);
                (string name, ushort type, int end) = Read(question.Buffer);
                Asked.Enqueue(name);
                if (Names.TryGetValue(name, out (string[] Addresses, int Code) script))
                    await _socket.SendAsync(Answer(question.Buffer.AsSpan(0, end), type, script.Addresses, script.Code), question.RemoteEndPoint, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }

    private static (string Name, ushort Type, int End) Read(byte[] question)
    {
        int at = 12;
        var labels = new List<string>();
        for (; question[at] != 0; at += 1 + question[at])
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
        return (string.Join('.', labels), BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(at + 1)), at + 5);
    }

    private byte[] Answer(ReadOnlySpan<byte> question, ushort type, string[] addresses, int code)
    {
        List<byte[]> found = [.. addresses.Select(IPAddress.Parse).Where(a => type == (a.AddressFamily == AddressFamily.InterNetwork ? 1 : 28)).Select(a => a.GetAddressBytes())];
        var bytes = new List<byte>(question.ToArray());
        bytes[2] = 0x81;
        bytes[3] = (byte)(0x80 | code);
        (bytes[6], bytes[7]) = (0, (byte)found.Count);
        (bytes[8], bytes[9], bytes[10], bytes[11]) = (0, 0, 0, 0);
        foreach (byte[] address in found)
        {
            byte[] head = new byte[12];
            head[0] = 0xC0;
            head[1] = 12;
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), type);
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(4), 1);
            BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(6), Ttl);
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(10), (ushort)address.Length);
            bytes.AddRange(head);
            bytes.AddRange(address);
        }

        return [.. bytes];
    }
}
