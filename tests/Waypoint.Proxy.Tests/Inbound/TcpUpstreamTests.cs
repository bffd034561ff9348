using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Waypoint.Proxy.Inbound;
using Waypoint.Proxy.Tests.Upstream.Tls;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests.Inbound;

/// <summary>The upstream side of opaque connections over real sockets: each direction ends by itself, with TLS and without.</summary>
public sealed class TcpUpstreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CompleteOutput_ServerAnswersOnlyAfterTheEnd_AnswerArrives(bool overTls)
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue("a.example");
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Task<string> server = ServeAsync(listener, overTls ? certificate : null);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken);
        await using var upstream = new TcpUpstream(new UpstreamLink(null, socket, overTls ? await TlsAsync(socket) : null));

        await upstream.Output.WriteAsync("question"u8.ToArray(), TestContext.Current.CancellationToken);
        await upstream.CompleteOutputAsync();

        Assert.Equal("question", await server.WaitAsync(Patience));
        Assert.Equal("answer", await ReadToEndAsync(upstream.Input));
    }

    [Fact]
    public async Task Abort_ReaderIsWaiting_ReadEnds()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken);
        await using var upstream = new TcpUpstream(new UpstreamLink(null, socket, null));
        Task<ReadResult> reading = upstream.Input.ReadAsync(TestContext.Current.CancellationToken).AsTask();

        upstream.Abort();

        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(Patience));
    }

    private static async Task<SslStream> TlsAsync(Socket socket)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
#pragma warning disable CA5359 // What the certificate says is not the subject.
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true });
#pragma warning restore CA5359
        return stream;
    }

    private static async Task<string> ServeAsync(Socket listener, X509Certificate2? certificate)
    {
        using Socket socket = await listener.AcceptAsync();
        await using Stream below = new NetworkStream(socket, ownsSocket: true);
        Stream stream = below;
        if (certificate is not null)
        {
            var tls = new SslStream(below);
            await tls.AuthenticateAsServerAsync(certificate);
            stream = tls;
        }

        byte[] bytes = new byte[100];
        int count = 0;
        for (int read = -1; read != 0; count += read)
            read = await stream.ReadAsync(bytes.AsMemory(count));
        await stream.WriteAsync("answer"u8.ToArray());
        if (stream is SslStream secured)
            await secured.ShutdownAsync();
        socket.Shutdown(SocketShutdown.Send);
        return Encoding.ASCII.GetString(bytes, 0, count);
    }

    private static async Task<string> ReadToEndAsync(PipeReader reader)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
            if (result.IsCompleted)
                return Encoding.ASCII.GetString(result.Buffer);
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
