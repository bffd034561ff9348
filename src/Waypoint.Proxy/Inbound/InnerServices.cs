using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Hbone.Terminate;

namespace Waypoint.Proxy.Inbound;

/// <summary>The container of what Kestrel and the forwarder need. Nothing of the host around it is used.</summary>
internal static class InnerServices
{
    /// <summary>A new container; the caller disposes it.</summary>
    public static WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // Every failed try would be a warning with a stack trace; what failed and why is in the access log.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton<TunnelTransport>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(static services => services.GetRequiredService<TunnelTransport>());
        builder.WebHost.UseKestrelCore();
        return builder.Build();
    }
}
