namespace Waypoint.Proxy.Wire;

/// <summary>Why an HTTP/1 message is refused: what a client gets, and what stands in the access log. Immutable; one instance for each reason.</summary>
/// <param name="Status">Status of the answer.</param>
/// <param name="Details">RESPONSE_CODE_DETAILS.</param>
/// <param name="Reason">For our own log; no bytes of the message.</param>
internal sealed record WireFault(int Status, string Details, string Reason)
{
    private const string CodecError = "http1.codec_error";

    public static readonly WireFault Method = new(400, CodecError, "invalid method");
    public static readonly WireFault Target = new(400, CodecError, "invalid request target");
    public static readonly WireFault Url = new(400, "http1.invalid_url", "a target that is no URL of a host");
    public static readonly WireFault Version = new(400, CodecError, "invalid version");
    public static readonly WireFault HeaderName = new(400, CodecError, "invalid header name");
    public static readonly WireFault HeaderFormat = new(400, CodecError, "header line without name or colon");
    public static readonly WireFault HeaderValue = new(400, "http1.invalid_characters", "control character in a header value");
    public static readonly WireFault Underscore = new(400, "http1.unexpected_underscore", "underscore in a header name");
    public static readonly WireFault Length = new(400, CodecError, "invalid or repeated content-length");
    public static readonly WireFault LengthAndChunked = new(400, "http1.content_length_and_chunked_not_allowed", "both content-length and transfer-encoding");
    public static readonly WireFault TransferEncoding = new(501, "http1.invalid_transfer_encoding", "unsupported transfer-encoding");
    public static readonly WireFault ConnectionHeader = new(400, "http1.connection_header_rejected", "connection names headers that it must not");
    public static readonly WireFault Authority = new(400, "http.invalid_authority", "invalid host");
    public static readonly WireFault SeveralHosts = new(400, "http.invalid_authority", "several host lines");
    public static readonly WireFault HeadersTooLarge = new(431, "http1.headers_too_large", "more header bytes than allowed");
    public static readonly WireFault TooManyHeaders = new(431, "http1.too_many_headers", "more headers than allowed");
    public static readonly WireFault TrailersTooLarge = new(431, "http1.trailers_too_large", "more trailer bytes than allowed");
    public static readonly WireFault TooManyTrailers = new(431, "http1.too_many_trailers", "more trailers than allowed");
    public static readonly WireFault ChunkSize = new(400, CodecError, "invalid chunk size");
    public static readonly WireFault ChunkExtension = new(400, CodecError, "invalid chunk extension");
    public static readonly WireFault ChunkEnd = new(400, CodecError, "chunk longer than its size");
    public static readonly WireFault EndOfInput = new(400, CodecError, "the message ends before its end");
    public static readonly WireFault HeadersTimeout = new(408, "request_header_timeout", "the head did not come in time");
    public static readonly WireFault StatusLine = new(400, CodecError, "invalid status line");
    public static readonly WireFault BodyNotAllowed = new(400, CodecError, "the status allows no body");
    public static readonly WireFault Premature = new(400, CodecError, "bytes without a request");
}
