using Waypoint.Model.Failures;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters;

/// <summary>Stands where a filter has a configuration but no code: nothing passes.</summary>
internal sealed class RefusingFilter : IHttpFilter
{
    public async ValueTask<bool> ApplyAsync(HttpExchange exchange)
    {
        await LocalReply.FailAsync(exchange, FailureReason.ChainRefused).ConfigureAwait(false);
        return false;
    }
}
