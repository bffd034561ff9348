using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Model.Grpc;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Wire;

namespace Waypoint.Proxy.Http;

/// <summary>Writes answers of our own: the only code that turns a failure into a response (docs: local replies, gRPC local replies).</summary>
internal static class LocalReply
{
    /// <summary>Answers with the row of <paramref name="reason"/>. If a response has begun, the stream is cut instead, so that the client sees the truncation.</summary>
    public static Task FailAsync(HttpExchange exchange, FailureReason reason) => FailAsync(exchange, reason, FailureTable.Of(reason).Status);

    /// <summary>Answers with the row of <paramref name="reason"/> but a status that the configuration chooses; gRPC clients get <paramref name="grpcStatus"/> if it is set.</summary>
    public static Task FailAsync(HttpExchange exchange, FailureReason reason, int status, int? grpcStatus = null)
    {
        FailureRow row = FailureTable.Of(reason);
        exchange.Failure = reason;
        if (row.Status == 0 || exchange.Context.Response.HasStarted)
        {
            exchange.Context.Abort();
            return Task.CompletedTask;
        }

        if (reason == FailureReason.ClusterNotFound && exchange.Match.Route?.Action is ForwardAction forward)
        {
            status = forward.ClusterNotFoundStatus;
        }

        IHeaderDictionary headers = exchange.Context.Response.Headers;
        if (row.Mark.Length > 0)
        {
            headers[row.Mark] = "true";
        }

        AttemptCount.Report(exchange, headers);
        if (exchange.HasControlHeaders && row.Flag == "UT" && exchange.RequestHeaders.ContainsKey(TimeoutReply.Header))
        {
            return SendAsync(exchange, TimeoutReply.AlternativeStatus, "");
        }

        return SendAsync(exchange, status, row.BodyOf(exchange.Attempts > 1, PublicFailureText(exchange)), grpcStatus);
    }

    /// <summary>Answers a message that is refused for its form, and ends the connection: where its next message would begin is unknown.</summary>
    public static Task RefuseAsync(HttpExchange exchange, WireFault fault)
    {
        exchange.NoteUnreadable();
        exchange.Details = fault.Details;
        exchange.Context.Response.Headers.Connection = "close";
        FailureReason reason = fault.Status switch
        {
            StatusCodes.Status408RequestTimeout => FailureReason.HeadTooSlow,
            StatusCodes.Status431RequestHeaderFieldsTooLarge => FailureReason.HeadersTooLarge,
            _ => FailureReason.BadRequest,
        };
        return FailAsync(exchange, reason, fault.Status);
    }

    /// <summary>Answers with a status and a text body. A gRPC client gets <paramref name="grpcStatus"/>, or if that is null what stands for <paramref name="status"/>.</summary>
    public static Task SendAsync(HttpExchange exchange, int status, string body, int? grpcStatus = null) =>
        SendAsync(exchange, status, body.Length == 0 ? default : (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(body), grpcStatus);

    /// <summary>Answers with a status and a body of any bytes; a gRPC client gets them as its message. Headers that stand on the response already stay, its content type too.</summary>
    public static Task SendAsync(HttpExchange exchange, int status, ReadOnlyMemory<byte> body, int? grpcStatus = null)
    {
        exchange.AnsweredLocally = true;
        HttpResponse response = exchange.Context.Response;
        ResponseHygiene.AddServer(exchange, response.Headers);
        if (exchange.IsGrpc)
        {
            GrpcReply reply = GrpcReply.Of(status, body.Span, grpcStatus);
            response.StatusCode = GrpcReply.HttpStatus;
            response.ContentType = "application/grpc";
            response.Headers["grpc-status"] = reply.Status.ToString(CultureInfo.InvariantCulture);
            if (reply.Message.Length > 0)
            {
                response.Headers["grpc-message"] = reply.Message;
            }

            response.ContentLength = 0;
            EditAsRouteSays(exchange);
            return Task.CompletedTask;
        }

        response.StatusCode = status;
        if (body.Length == 0)
        {
            response.ContentLength = 0;
            EditAsRouteSays(exchange);
            return Task.CompletedTask;
        }

        response.ContentType ??= "text/plain";
        response.ContentLength = body.Length;
        EditAsRouteSays(exchange);
        return response.Body.WriteAsync(body, exchange.ClientGone).AsTask();
    }

    /// <summary>Once a route to an upstream is chosen, its response edits apply to our own answers too, as they do in Envoy.</summary>
    private static void EditAsRouteSays(HttpExchange exchange)
    {
        if (exchange.Match.Route?.Action is ForwardAction)
        {
            exchange.EditResponse();
        }
    }

    /// <summary>Why a plain connection failed, as Envoy tells the client; what happened inside the mesh's tunnels stays in the log.</summary>
    private static string? PublicFailureText(HttpExchange exchange) =>
        exchange.Upstream?.Endpoint.Kind == EndpointKind.Hbone ? null : exchange.TransportFailure;
}
