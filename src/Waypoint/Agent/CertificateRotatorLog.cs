using Microsoft.Extensions.Logging;

namespace Waypoint.Agent;

internal static partial class CertificateRotatorLog
{
    [LoggerMessage(1, LogLevel.Information, "Certificate for {Principal} issued, valid until {NotAfter:O}; renewal in {Wait}")]
    public static partial void Issued(ILogger logger, string principal, DateTimeOffset notAfter, TimeSpan wait);

    [LoggerMessage(2, LogLevel.Warning, "Certificate for {Principal} was not issued (attempt {Attempt}): {Reason}. Port 15008 stays closed; next attempt in {Wait}.")]
    public static partial void NoCertificate(ILogger logger, string principal, int attempt, string reason, TimeSpan wait);

    [LoggerMessage(3, LogLevel.Warning, "Certificate for {Principal} was not renewed (attempt {Attempt}): {Reason}. The old one serves for another {Left}; next attempt in {Wait}.")]
    public static partial void RenewalFailed(ILogger logger, string principal, int attempt, string reason, TimeSpan left, TimeSpan wait);
}
