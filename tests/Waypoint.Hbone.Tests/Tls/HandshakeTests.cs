using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tests.Testing;

namespace Waypoint.Hbone.Tests.Tls;

/// <summary>Who gets through the TLS handshake of the listener.</summary>
public sealed class HandshakeTests
{
    private readonly TestCa _ca = TestCa.Create();

    public static TheoryData<string> GoodClients => ["plain", "rsa", "p384", "intermediate", "no-eku", "trust-domain-alias"];

    [Theory]
    [MemberData(nameof(GoodClients))]
    public async Task Client_GoodCertificate_GetsATunnel(string kind)
    {
        var leaf = new TestCa.Leaf { Uris = [TestCa.Spiffe("web")] };
        TestCa.Issued certificate = kind switch
        {
            "rsa" => _ca.Issue(leaf with { Rsa = true }),
            "p384" => _ca.Issue(leaf with { Curve = ECCurve.NamedCurves.nistP384 }),
            "intermediate" => _ca.CreateIntermediate().Issue(leaf),
            "no-eku" => _ca.Issue(leaf with { Ekus = [] }),
            "trust-domain-alias" => _ca.Issue(leaf with { Uris = [TestCa.Spiffe("web", "other.td")] }),
            _ => _ca.Issue(leaf),
        };
        var script = ConnectScript.AcceptAll();
        await using var rig = new ListenerRig(_ca.Identity("waypoint", accepted: "other.td"), script);
        using SslStream stream = await rig.DialTlsAsync(certificate);
        var peer = new FramePeer(stream);
        await peer.StartAsClientAsync();
        await peer.ConnectAsync(1);
        Assert.Equal("200", await peer.ReadStatusAsync());
        ConnectRequest request = await script.NextRequestAsync();
        Assert.Equal(leaf.Uris[0].Replace("cluster.local", kind == "trust-domain-alias" ? "other.td" : "cluster.local", StringComparison.Ordinal), request.PeerIdentity.Uri);
        Assert.Equal(TestCa.Spiffe("waypoint"), request.LocalIdentity.Uri);
        Assert.Equal(rig.Address, request.LocalEndPoint);
    }

    public static TheoryData<string, string> BadClients => new()
    {
        { "no-certificate", "the peer sent no certificate" },
        { "foreign-trust-domain", "the trust domain of spiffe://other.td/ns/shop/sa/web is not accepted" },
        { "unknown-root", "PartialChain" },
        { "expired", "NotTimeValid" },
        { "not-yet-valid", "NotTimeValid" },
        { "no-uri", "no URI" },
        { "two-uris", "more than one URI" },
        { "not-spiffe", "not a SPIFFE identity" },
        { "server-only", "NotValidForUsage" },
        { "ca-as-leaf", "CA certificate" },
        { "intermediate-missing", "PartialChain" },
    };

    [Theory]
    [MemberData(nameof(BadClients))]
    public async Task Client_BadCertificate_RefusedBeforeAnyFrameWithOneLogLine(string kind, string reason)
    {
        var leaf = new TestCa.Leaf { Uris = [TestCa.Spiffe("web")] };
        TestCa.Issued? certificate = kind switch
        {
            "no-certificate" => null,
            "foreign-trust-domain" => _ca.Issue(leaf with { Uris = [TestCa.Spiffe("web", "other.td")] }),
            "unknown-root" => TestCa.Create("other").Issue(leaf),
            "expired" => _ca.Issue(leaf with { NotBefore = DateTimeOffset.UtcNow.AddHours(-2), NotAfter = DateTimeOffset.UtcNow.AddHours(-1) }),
            "not-yet-valid" => _ca.Issue(leaf with { NotBefore = DateTimeOffset.UtcNow.AddHours(1) }),
            "no-uri" => _ca.Issue(leaf with { Uris = [], DnsNames = ["web.shop"] }),
            "two-uris" => _ca.Issue(leaf with { Uris = [TestCa.Spiffe("web"), TestCa.Spiffe("admin")] }),
            "not-spiffe" => _ca.Issue(leaf with { Uris = ["spiffe://cluster.local/ns/shop/sa/%77eb"] }),
            "server-only" => _ca.Issue(leaf with { Ekus = [TestCa.Leaf.ServerAuth] }),
            "ca-as-leaf" => _ca.Issue(leaf with { IsCa = true }),
            _ => _ca.CreateIntermediate(sent: false).Issue(leaf),
        };
        await using var rig = new ListenerRig(_ca.Identity("waypoint"));
        await AssertRefusedAsync(async () =>
        {
            using SslStream stream = await rig.DialTlsAsync(certificate);
            return await new FramePeer(stream).ReadAsync();
        });
        string line = await FirstLineAsync(rig);
        Assert.Contains("TLS handshake with 127.0.0.1:", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.Single(rig.Log);
        Assert.Equal(0, rig.Listener.ConnectionCount);
    }

    [Theory]
    [InlineData("tls12")]
    [InlineData("alpn-missing")]
    [InlineData("alpn-http11")]
    [InlineData("chacha")]
    public async Task Client_OtherProtocol_Refused(string kind)
    {
        await using var rig = new ListenerRig(_ca.Identity("waypoint"));
        TestCa.Issued certificate = _ca.Issue(new TestCa.Leaf { Uris = [TestCa.Spiffe("web")] });
        await AssertRefusedAsync(async () =>
        {
            using SslStream stream = await rig.DialTlsAsync(certificate, options =>
            {
                if (kind == "tls12")
                    options.EnabledSslProtocols = SslProtocols.Tls12;
                else if (kind == "chacha" && OperatingSystem.IsLinux())
                    options.CipherSuitesPolicy = new CipherSuitesPolicy([TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256]);
                else
                    options.ApplicationProtocols = kind == "alpn-missing" ? null : [SslApplicationProtocol.Http11];
            });
            return await new FramePeer(stream).ReadAsync();
        });
        Assert.Contains("TLS handshake with", await FirstLineAsync(rig), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_Garbage_ClosedAndOthersAreServed()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ListenerRig(_ca.Identity("waypoint"), script);
        await using (Stream stream = await rig.DialAsync())
        {
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            await AssertRefusedAsync(async () => await new FramePeer(stream).ReadAsync());
        }
        using SslStream tls = await rig.DialTlsAsync(_ca.Issue(new TestCa.Leaf { Uris = [TestCa.Spiffe("web")] }));
        var peer = new FramePeer(tls);
        await peer.StartAsClientAsync();
        await peer.ConnectAsync(1);
        Assert.Equal("200", await peer.ReadStatusAsync());
    }

    [Fact]
    public async Task Client_StallsInTheHandshake_ClosedAtTheTimeout()
    {
        var time = new ManualTime { Start = DateTimeOffset.UtcNow };
        await using var rig = new ListenerRig(_ca.Identity("waypoint"), time: time);
        await using Stream stream = await rig.DialAsync();
        await stream.WriteAsync(new byte[] { 0x16, 3, 1 });
        Task<Frame?> closed = new FramePeer(stream).ReadAsync();
        // The connection is accepted on another thread: keep the clock moving until it has been.
        while (!closed.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(5);
        }
        await AssertRefusedAsync(() => closed);
        Assert.Contains("not completed in time", await FirstLineAsync(rig), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Identity_Missing_ConnectionIsClosedAtOnce()
    {
        await using var listener = new HboneListener(new HboneListenerOptions { EndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] }, new(), ConnectScript.AcceptAll(),
            TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        listener.Start();
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(listener.EndPoints[0]);
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1]).WaitAsync(FramePeer.Timeout));
    }

    [Fact]
    public async Task Rotation_LiveConnectionGoesOnAndTheNextSeesTheNewCertificate()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ListenerRig(_ca.Identity("waypoint"), script);
        TestCa.Issued client = _ca.Issue(new TestCa.Leaf { Uris = [TestCa.Spiffe("web")] });
        using SslStream first = await rig.DialTlsAsync(client);
        var peer = new FramePeer(first);
        await peer.StartAsClientAsync();

        TestCa next = TestCa.Create("next");
        rig.Identities.Update(next.Issue(new TestCa.Leaf { Uris = [TestCa.Spiffe("waypoint")] }).ToIdentity($"{next.RootPem}\n{_ca.RootPem}"));
        using SslStream second = await rig.DialTlsAsync(client);
        Assert.NotEqual(first.RemoteCertificate!.GetCertHashString(), second.RemoteCertificate!.GetCertHashString());
        await peer.ConnectAsync(1);
        Assert.Equal("200", await peer.ReadStatusAsync());

        // The old root is gone from the third generation: who was good before is not any more.
        rig.Identities.Update(next.Identity("waypoint"));
        await AssertRefusedAsync(async () =>
        {
            using SslStream third = await rig.DialTlsAsync(client);
            return await new FramePeer(third).ReadAsync();
        });
        await peer.ConnectAsync(3);
        Assert.Equal("200", await peer.ReadStatusAsync());
    }

    [Fact]
    public async Task PeerSeenBefore_ItsCertificateExpires_Refused()
    {
        var time = new ManualTime { Start = DateTimeOffset.UtcNow };
        await using var rig = new ListenerRig(_ca.Identity("waypoint"), time: time);
        TestCa.Issued client = _ca.Issue(new TestCa.Leaf { Uris = [TestCa.Spiffe("web")], NotAfter = DateTimeOffset.UtcNow.AddHours(1) });
        using (SslStream stream = await rig.DialTlsAsync(client))
            Assert.NotNull(await new FramePeer(stream).ReadAsync());
        time.Advance(TimeSpan.FromHours(2));
        await AssertRefusedAsync(async () =>
        {
            using SslStream stream = await rig.DialTlsAsync(client);
            return await new FramePeer(stream).ReadAsync();
        });
    }

    // In TLS 1.3 a client learns of the refusal by an alert or the end of the connection at its first read.
    private static async Task AssertRefusedAsync(Func<Task<Frame?>> attempt)
    {
        try
        {
            Assert.Null(await attempt());
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // Refused.
        }
    }

    private static async Task<string> FirstLineAsync(ListenerRig rig)
    {
        for (int i = 0; i < 200; i++)
        {
            if (rig.Log.TryPeek(out string? line))
                return line;
            await Task.Delay(10);
        }
        return "";
    }
}
