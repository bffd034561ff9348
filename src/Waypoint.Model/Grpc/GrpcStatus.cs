using System.Globalization;

namespace Waypoint.Model.Grpc;

/// <summary>gRPC status codes, their names, and how they map to HTTP and back (gRPC over HTTP/2; Envoy's table where gRPC leaves a choice).</summary>
public static class GrpcStatus
{
    /// <summary>The header or trailer that carries the status.</summary>
    public const string HeaderName = "grpc-status";

    /// <summary>Stands for a status that is no number.</summary>
    public const int Invalid = -1;

    private static readonly string[] CamelNames =
    [
        "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists", "PermissionDenied", "ResourceExhausted",
        "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated",
    ];

    private static readonly string[] SnakeNames =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    /// <summary>The HTTP status that says about the same as <paramref name="status"/>.</summary>
    public static int ToHttp(int status) => status switch
    {
        0 => 200,
        1 => 499,
        3 or 9 or 11 => 400,
        4 => 504,
        5 => 404,
        6 or 10 => 409,
        7 => 403,
        8 => 429,
        12 => 501,
        14 => 503,
        16 => 401,
        _ => 500,
    };

    /// <summary>The gRPC status of an answer that has only an HTTP status.</summary>
    public static int FromHttp(int status) => status switch
    {
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 or 502 or 503 or 504 => 14,
        _ => 2,
    };

    /// <summary>Reads a <c>grpc-status</c> value: any number counts, also one that gRPC does not define; what is no number is <see cref="Invalid"/>.</summary>
    public static int Parse(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : Invalid;

    /// <summary>The status of a call: of the trailers, else of the headers, else what stands for the HTTP status; null if there is nothing.</summary>
    public static int? Effective(string? trailer, string? header, int? httpStatus) =>
        trailer is not null ? Parse(trailer) : header is not null ? Parse(header) : httpStatus is { } status ? FromHttp(status) : null;

    /// <summary>The name in words written together, such as <c>DeadlineExceeded</c>; the number if it has none.</summary>
    public static string CamelName(int status) => NameIn(CamelNames, status);

    /// <summary>The name in capitals, such as <c>DEADLINE_EXCEEDED</c>; the number if it has none.</summary>
    public static string SnakeName(int status) => NameIn(SnakeNames, status);

    private static string NameIn(string[] names, int status) =>
        status >= 0 && status < names.Length ? names[status] : status.ToString(CultureInfo.InvariantCulture);
}
