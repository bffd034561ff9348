using Microsoft.AspNetCore.Http;

namespace Waypoint.Proxy.Tests.Upstream.Retries;

/// <summary>What client and log see of a request.</summary>
internal sealed record RouterOutcome(int Status, string Flags, string Details, int Attempts, string Body, IHeaderDictionary Headers);
