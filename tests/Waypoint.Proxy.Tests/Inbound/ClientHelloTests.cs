using System.IO.Pipelines;
using System.Net.Security;
using Waypoint.Proxy.Inbound;

namespace Waypoint.Proxy.Tests.Inbound;

/// <summary>Hellos of the platform's own TLS client, whole, in pieces and broken.</summary>
public sealed class ClientHelloTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Read_HelloWithName_Found()
    {
        Assert.Equal(ClientHelloOutcome.Found, ClientHello.Read(await HelloAsync("a.wild.example"), out string? name));
        Assert.Equal("a.wild.example", name);
    }

    [Fact]
    public async Task Read_HelloWithoutName_NoName() => Assert.Equal(ClientHelloOutcome.NoName, ClientHello.Read(await HelloAsync(""), out _));

    [Fact]
    public async Task Read_AnyPartOfAHello_NeedsMore()
    {
        byte[] hello = await HelloAsync("a.wild.example");
        for (int length = 0; length < hello.Length; length++)
            Assert.Equal(ClientHelloOutcome.NeedsMore, ClientHello.Read(hello.AsSpan(0, length), out _));
    }

    [Fact]
    public async Task Read_HelloInTwoRecords_Found()
    {
        byte[] hello = await HelloAsync("a.wild.example");
        byte[] first = [.. hello[..3], 0, 40, .. hello[5..45]], second = [.. hello[..3], .. BigEndian(hello.Length - 45), .. hello[45..]];

        Assert.Equal(ClientHelloOutcome.Found, ClientHello.Read([.. first, .. second], out string? name));
        Assert.Equal("a.wild.example", name);
    }

    [Theory]
    [InlineData("474554202F20485454502F312E310D0A")]
    [InlineData("15030300020100")]
    [InlineData("1603010000")]
    [InlineData("160301000402000000")]
    public void Read_SomethingElse_NotTls(string bytes) => Assert.Equal(ClientHelloOutcome.NotTls, ClientHello.Read(Convert.FromHexString(bytes), out _));

    [Fact]
    public async Task Read_AnyBytes_AnOutcomeAndNoMore()
    {
        byte[] hello = await HelloAsync("a.wild.example");
        var random = new Random(20_261_129);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. hello];
            for (int i = random.Next(1, 8); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            ClientHelloOutcome outcome = ClientHello.Read(bytes.AsSpan(0, random.Next(bytes.Length + 1)), out string? name);
            Assert.Equal(outcome == ClientHelloOutcome.Found, name is not null);
        }
    }

    [Fact]
    public async Task ReadAsync_HelloInPieces_NameAndEveryByteLeftForTheServer()
    {
        byte[] hello = await HelloAsync("a.wild.example");
        var pipe = new Pipe();
        Task<string?> reading = ServerNameReader.ReadAsync(pipe.Reader, Patience, TimeProvider.System, TestContext.Current.CancellationToken).AsTask();
        await pipe.Writer.WriteAsync(hello.AsMemory(0, 10), TestContext.Current.CancellationToken);
        await pipe.Writer.WriteAsync(hello.AsMemory(10), TestContext.Current.CancellationToken);

        Assert.Equal("a.wild.example", await reading.WaitAsync(Patience));
        ReadResult left = await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(hello.Length, left.Buffer.Length);
    }

    private static byte[] BigEndian(int value) => [(byte)(value >> 8), (byte)value];

    private static async Task<byte[]> HelloAsync(string name)
    {
        var wire = new FirstFlight();
        await using var stream = new SslStream(wire);
        await Assert.ThrowsAnyAsync<Exception>(() => stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = name }));
        return wire.Written.ToArray();
    }

    /// <summary>Takes what the client says first and ends then.</summary>
    private sealed class FirstFlight : MemoryStream
    {
        public MemoryStream Written { get; } = new();

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(0);

        public override void Write(byte[] buffer, int offset, int count) => Written.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
