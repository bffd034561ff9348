using Microsoft.Extensions.Logging;

namespace Waypoint.Agent;

/// <summary>The ServiceAccount token that istiod knows this pod by. Read from disk at every use, because the kubelet replaces it at four fifths of its life.</summary>
internal sealed class TokenFile(string path, ILogger<TokenFile> logger)
{
    /// <summary>Where it is mounted.</summary>
    public string Path => path;

    /// <summary>The token, or null when there is none: the call then goes without it and istiod says what it thinks of that.</summary>
    public string? Read()
    {
        try
        {
            var token = File.ReadAllText(path).Trim();
            return token.Length == 0 ? null : token;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TokenFileLog.Unreadable(logger, path, error.Message);
            return null;
        }
    }
}
