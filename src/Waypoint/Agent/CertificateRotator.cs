using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Waypoint.Agent;

/// <summary>Keeps the workload certificate fresh: asks for the first one until it is there, then renews before the end with a new key. What is published serves new
/// handshakes; open connections are not touched. One loop, owned by the caller.</summary>
internal sealed class CertificateRotator(
    ICertificateAuthority authority, string principal, WorkloadKeySettings keys, RenewalSchedule schedule,
    Action<IssuedCertificate> publish, TimeProvider time, Random random, ILogger<CertificateRotator> logger)
{
    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken shutdown)
    {
        IssuedCertificate? current = null;
        var failures = 0;
        while (!shutdown.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                current = await IssueAsync(shutdown);
                publish(current);
                failures = 0;
                wait = schedule.UntilRenewal(current, time.GetUtcNow(), random.NextDouble());
                CertificateRotatorLog.Issued(logger, principal, current.NotAfter, wait);
            }
            catch (CertificateRefusedException refused)
            {
                failures++;
                TimeSpan? left = current is null ? null : current.NotAfter - time.GetUtcNow();
                wait = RenewalSchedule.AfterFailure(failures, left, random.NextDouble());
                if (left is { } rest && rest > TimeSpan.Zero)
                    CertificateRotatorLog.RenewalFailed(logger, principal, failures, refused.Message, rest, wait);
                else
                    CertificateRotatorLog.NoCertificate(logger, principal, failures, refused.Message, wait);
            }
            catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
            {
                return;
            }
            try
            {
                await Task.Delay(wait, time, shutdown);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<IssuedCertificate> IssueAsync(CancellationToken shutdown)
    {
        var request = CertificateSigningRequest.Create(keys, principal);
        var chain = await authority.SignAsync(request.RequestPem, schedule.Validity, shutdown);
        if (chain.Count < 2)
            throw new CertificateRefusedException($"the authority answered with {chain.Count} certificates; a leaf and a root are needed");
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(chain[0]);
            return new IssuedCertificate(request.KeyPem, Join(chain.Take(chain.Count - 1)), chain[^1], time.GetUtcNow(), leaf.NotAfter.ToUniversalTime());
        }
        catch (CryptographicException error)
        {
            throw new CertificateRefusedException($"the authority's first certificate cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Elements may lack the newline at their end, and a PEM header must begin a line.</summary>
    private static string Join(IEnumerable<string> parts) => string.Join('\n', parts.Select(p => p.TrimEnd())) + "\n";
}
