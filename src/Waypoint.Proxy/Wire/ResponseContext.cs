namespace Waypoint.Proxy.Wire;

/// <summary>What the meaning of a response depends on besides its own head.</summary>
/// <param name="IsHead">The request was HEAD: no body follows.</param>
/// <param name="IsConnect">The request was CONNECT: after 2xx the bytes are not HTTP.</param>
/// <param name="IsUpgrade">The request asked for another protocol.</param>
/// <param name="AwaitsContinue">The request's body waits for a 100.</param>
internal readonly record struct ResponseContext(bool IsHead, bool IsConnect, bool IsUpgrade, bool AwaitsContinue = false);
