using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Tls;

namespace Waypoint.Agent;

/// <summary>The mounted list of revoked certificates, read again when it changes. Without the file nothing is revoked; one that cannot be read leaves the lists that were read
/// before in force. New handshakes see a change; open connections do not.</summary>
internal sealed class RevocationFile(string path, IdentityPublisher identity, TimeProvider time, ILogger<RevocationFile> logger)
{
    /// <summary>A projected volume changes within a minute or so itself.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private string? _read;

    /// <summary>Looks after the file until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken shutdown)
    {
        while (!shutdown.IsCancellationRequested)
        {
            Look();
            try
            {
                await Task.Delay(Interval, time, shutdown);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Reads the file if it is another one than last time.</summary>
    public void Look()
    {
        try
        {
            var text = File.Exists(path) ? File.ReadAllText(path) : null;
            if (text == _read)
                return;
            _read = text;
            IReadOnlyList<CertificateRevocationList> lists = text is null ? [] : CertificateRevocationList.ReadPem(text);
            identity.Revoke(lists);
            RevocationFileLog.Read(logger, path, lists.Count);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            RevocationFileLog.Unreadable(logger, path, failure.Message);
        }
    }
}
