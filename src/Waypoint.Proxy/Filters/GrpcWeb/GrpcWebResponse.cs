using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Waypoint.Model.Grpc;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.GrpcWeb;

/// <summary>Makes a gRPC-Web answer of a gRPC one.</summary>
/// <param name="contentType">What the client wants.</param>
internal sealed class GrpcWebResponse(string contentType) : IResponseEdit, ITrailerEdit
{
    private const byte TrailerFrame = 0x80;
    private const int FrameHeaderBytes = 5;

    private bool _isGrpc;

    public void Edit(HttpExchange exchange)
    {
        HttpResponse response = exchange.Context.Response;
        if (response.ContentType is not { } type || !GrpcContent.IsGrpc(type))
        {
            return;
        }

        _isGrpc = true;
        response.ContentType = contentType;
        if (!exchange.AnsweredLocally)
        {
            // The trailers come on top, and text is longer.
            response.ContentLength = null;
        }
    }

    /// <summary>The trailers as the last frame: names in lower case, one line each.</summary>
    public async ValueTask EditTrailersAsync(HttpExchange exchange, IHeaderDictionary trailers)
    {
        if (!_isGrpc || trailers.Count == 0)
        {
            return;
        }

        var text = new StringBuilder();
        foreach (KeyValuePair<string, StringValues> trailer in trailers)
        {
            foreach (string? value in trailer.Value)
            {
#pragma warning disable CA1308 // names are lower case on the wire
                text.Append(trailer.Key.ToLowerInvariant()).Append(':').Append(value).Append("\r\n");
#pragma warning restore CA1308
            }
        }

        trailers.Clear();
        byte[] frame = new byte[FrameHeaderBytes + text.Length];
        frame[0] = TrailerFrame;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), text.Length);
        Encoding.Latin1.GetBytes(text.ToString(), frame.AsSpan(FrameHeaderBytes));
        await exchange.Context.Response.Body.WriteAsync(frame, exchange.ClientGone).ConfigureAwait(false);
    }
}
