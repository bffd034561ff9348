using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Waypoint.Grpc.Framing;

namespace Waypoint.Grpc.Server;

/// <summary>The frame around every handler: limits that would cut a long stream, deadline, and the status at the end.</summary>
internal static class ServerCallRunner
{
    public static async Task RunAsync(HttpContext http, TimeProvider time, ILogger logger, Func<GrpcServerContext, Task> handler)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        http.Response.ContentType = "application/grpc";

        using var deadline = DeadlineOf(http, time);
        using var linked = deadline is null ? null : CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, deadline.Token);
        var context = new GrpcServerContext(http, linked?.Token ?? http.RequestAborted);
        GrpcStatus status;
        try
        {
            await handler(context);
            status = GrpcStatus.Ok;
        }
        catch (GrpcException e)
        {
            status = e.Status;
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: there is nobody to answer, and whatever failed failed because of it.
            return;
        }
        catch (OperationCanceledException) when (deadline is { IsCancellationRequested: true })
        {
            status = new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the deadline passed");
        }
        catch (OperationCanceledException)
        {
            status = new GrpcStatus(GrpcStatusCode.Cancelled, "cancelled");
        }
#pragma warning disable CA1031 // The hop boundary: any other exception is a bug of a handler and must become a status.
        catch (Exception e)
        {
            GrpcServerLog.HandlerFailed(logger, http.Request.Path.Value ?? "", e);
            status = new GrpcStatus(GrpcStatusCode.Unknown, "the handler failed");
        }
#pragma warning restore CA1031
        End(http, status);
    }

    /// <summary>Status as trailers, or as headers when nothing was sent yet.</summary>
    public static void End(HttpContext http, GrpcStatus status)
    {
        var code = ((int)status.Code).ToString(CultureInfo.InvariantCulture);
        var message = string.IsNullOrEmpty(status.Message) ? null : StatusMessage.Encode(status.Message);
        if (!http.Response.HasStarted && !status.IsOk)
        {
            http.Response.ContentType = "application/grpc";
            http.Response.Headers["grpc-status"] = code;
            if (message is not null)
                http.Response.Headers["grpc-message"] = message;
            return;
        }
        http.Response.AppendTrailer("grpc-status", code);
        if (message is not null)
            http.Response.AppendTrailer("grpc-message", message);
    }

    private static CancellationTokenSource? DeadlineOf(HttpContext http, TimeProvider time) =>
        http.Request.Headers.TryGetValue("grpc-timeout", out var header) && TimeoutHeader.TryParse(header.ToString(), out var timeout)
            ? new CancellationTokenSource(timeout < MaxTimer ? timeout : MaxTimer, time)
            : null;

    /// <summary>Beyond it a timer cannot be made.</summary>
    private static TimeSpan MaxTimer { get; } = TimeSpan.FromDays(40);
}
