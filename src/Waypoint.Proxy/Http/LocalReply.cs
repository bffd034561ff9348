using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Waypoint.Model.Failures;
using Waypoint.Model.Routes;

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

        if (reason == FailureReason.Overflow)
        {
            exchange.Context.Response.Headers["x-envoy-overloaded"] = "true";
        }

        return SendAsync(exchange, status, exchange.Attempts > 1 ? row.BodyAfterRetry : row.Body, grpcStatus);
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
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = "application/grpc";
            response.Headers["grpc-status"] = (grpcStatus ?? FailureTable.GrpcStatusOf(status)).ToString(CultureInfo.InvariantCulture);
            if (body.Length > 0)
            {
                response.Headers["grpc-message"] = PercentEncode(body.Span);
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

    /// <summary>gRPC's encoding of a status message: printable ASCII but % stays, the rest is percent-encoded UTF-8.</summary>
    private static string PercentEncode(ReadOnlySpan<byte> text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (byte value in text)
        {
            if (value is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                encoded.Append((char)value);
            }
            else
            {
                encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }
}
