using Waypoint.Model.Filters.JwtAuthn;

namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>Gets the text of a key set from where it is published.</summary>
internal interface IKeySetFetcher
{
    /// <summary>Longest text in bytes that is read.</summary>
    const int MaxBytes = 512 * 1024;

    /// <summary>The text, or null if it cannot be had. Tries as often as the configuration says; each try has its own deadline. Never throws.</summary>
    Task<string?> FetchAsync(RemoteKeySetConfig config);
}
