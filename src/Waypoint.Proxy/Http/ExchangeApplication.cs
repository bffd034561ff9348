using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Proxy.Snapshots;

namespace Waypoint.Proxy.Http;

/// <summary>What Kestrel runs for each request inside a tunnel. Bare on purpose: no host pipeline, no activity, no service scope per request.</summary>
internal sealed class ExchangeApplication(HttpDataPath dataPath, ActiveSnapshot snapshots, TimeProvider time) : IHttpApplication<HttpExchange>
{
    public HttpExchange CreateContext(IFeatureCollection contextFeatures)
    {
        HttpExchange exchange;
        if (contextFeatures is IHostContextContainer<HttpExchange> container)
        {
            exchange = container.HostContext ??= new HttpExchange();
        }
        else
        {
            exchange = new HttpExchange();
        }

        exchange.Begin(contextFeatures, snapshots.Current, time);
        return exchange;
    }

    public Task ProcessRequestAsync(HttpExchange context) => dataPath.ServeAsync(context);

    public void DisposeContext(HttpExchange context, Exception? exception)
    {
        dataPath.Complete(context, exception);
        context.End();
    }
}
