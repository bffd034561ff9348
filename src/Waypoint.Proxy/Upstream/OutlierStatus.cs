using System.Globalization;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Upstream;

/// <summary>The status by which outlier detection judges an answer: the HTTP status, or what stands for the status of a gRPC call that failed at once.</summary>
internal static class OutlierStatus
{
    /// <summary>A gRPC answer that carries its status in the headers has an HTTP status of 200 whatever happened.</summary>
    public static int Of(HttpExchange exchange, HttpResponseMessage response)
    {
        if (exchange.IsGrpcRouted && response.Headers.NonValidated.TryGetValues("grpc-status", out System.Net.Http.Headers.HeaderStringValues values)
            && int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            return OfGrpc(code);
        }

        return (int)response.StatusCode;
    }

    // google.rpc.Code documents an HTTP status for each.
    private static int OfGrpc(int code) => code switch
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
}
