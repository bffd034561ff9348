using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Agent;
using Waypoint.Testing.Time;

namespace Waypoint.Tests.Agent;

public class CertificateRotatorTests
{
    private const string Principal = "spiffe://cluster.local/ns/shop/sa/waypoint";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Run_RefusedTwice_TriesAgainUntilItIsThere()
    {
        var time = new FakeTimeProvider();
        var authority = new ScriptedAuthority(time) { Refusals = 2 };
        await using var run = new Run(authority, time);

        Assert.InRange((await SleepAsync(time)).TotalSeconds, 0.25, 0.75);
        Assert.InRange((await SleepAsync(time)).TotalSeconds, 0.375, 1.125);
        await run.Published(1);

        Assert.Equal(3, authority.Calls);
    }

    [Fact]
    public async Task Run_HalfOfTheLifetimeOver_NewCertificateWithANewKey()
    {
        var time = new FakeTimeProvider();
        await using var run = new Run(new ScriptedAuthority(time), time);
        await run.Published(1);

        var slept = await SleepAsync(time);
        await run.Published(2);

        Assert.InRange(slept.TotalHours, 11.7, 12.3);
        Assert.NotEqual(run.Certificates[0].KeyPem, run.Certificates[1].KeyPem);
    }

    [Fact]
    public async Task Run_RenewalFails_TriesAgainBeforeTheOldOneEnds()
    {
        var time = new FakeTimeProvider();
        var authority = new ScriptedAuthority(time) { Lifetime = TimeSpan.FromSeconds(14) };
        await using var run = new Run(authority, time);
        await run.Published(1);
        authority.Refusals = 8;

        for (var i = 0; i < 9; i++)
            await SleepAsync(time);
        await run.Published(2);

        Assert.True(run.Certificates[1].IssuedAt < run.Certificates[0].NotAfter, "the renewal came after the end of the old certificate");
    }

    [Fact]
    public async Task Run_ChainWithoutRoot_IsRefused()
    {
        var time = new FakeTimeProvider();
        var authority = new ScriptedAuthority(time) { LeafOnly = 1 };
        await using var run = new Run(authority, time);

        await SleepAsync(time);
        await run.Published(1);

        Assert.Equal(2, authority.Calls);
        Assert.Contains("BEGIN CERTIFICATE", run.Certificates[0].RootsPem, StringComparison.Ordinal);
    }

    /// <summary>Waits until the loop sleeps, and lets that sleep end.</summary>
    private static async Task<TimeSpan> SleepAsync(FakeTimeProvider time)
    {
        var length = await time.NextTimerAsync();
        time.Advance(length);
        return length;
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly CancellationTokenSource _shutdown = new();
        private readonly SemaphoreSlim _published = new(0);
        private readonly Task _loop;

        public Run(ICertificateAuthority authority, TimeProvider time)
        {
            var rotator = new CertificateRotator(authority, Principal, WorkloadKeySettings.Default, RenewalSchedule.Default, Publish, time, new Random(7), NullLogger<CertificateRotator>.Instance);
            _loop = Task.Run(() => rotator.RunAsync(_shutdown.Token));
        }

        public List<IssuedCertificate> Certificates { get; } = [];

        public async Task Published(int count)
        {
            while (Certificates.Count < count)
                Assert.True(await _published.WaitAsync(Limit), $"certificate {count} was not published");
        }

        public async ValueTask DisposeAsync()
        {
            await _shutdown.CancelAsync();
            await _loop.WaitAsync(Limit);
            _shutdown.Dispose();
        }

        private void Publish(IssuedCertificate certificate)
        {
            Certificates.Add(certificate);
            _published.Release();
        }
    }

    private sealed class ScriptedAuthority(TimeProvider time) : ICertificateAuthority
    {
        public int Refusals { get; set; }

        public int LeafOnly { get; set; }

        public int Calls { get; private set; }

        public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(24);

        public Task<IReadOnlyList<string>> SignAsync(string requestPem, TimeSpan validity, CancellationToken cancellation)
        {
            Calls++;
            if (Refusals-- > 0)
                throw new CertificateRefusedException("busy");
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
            using var signed = request.CreateSelfSigned(time.GetUtcNow().AddMinutes(-2), time.GetUtcNow() + Lifetime);
            var pem = signed.ExportCertificatePem();
            return Task.FromResult<IReadOnlyList<string>>(LeafOnly-- > 0 ? [pem] : [pem, pem]);
        }
    }
}
