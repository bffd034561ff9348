namespace Waypoint.Agent;

/// <summary>No certificate was issued. The message says where and why.</summary>
internal sealed class CertificateRefusedException(string message, Exception? cause = null) : Exception(message, cause);
