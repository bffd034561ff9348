using System.Globalization;
using System.Net.Http.Headers;
using Waypoint.Grpc.Framing;

namespace Waypoint.Grpc.Client;

/// <summary>Reads status and metadata from headers and trailers.</summary>
internal static class ResponseEnd
{
    private const string Status = "grpc-status", Message = "grpc-message";

    public static bool TryReadStatus(HttpHeaders headers, out GrpcStatus status)
    {
        status = default;
        if (!headers.NonValidated.TryGetValues(Status, out var values))
            return false;
        var code = int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= (int)GrpcStatusCode.Unauthenticated ? (GrpcStatusCode)number : GrpcStatusCode.Unknown;
        var message = headers.NonValidated.TryGetValues(Message, out var texts) ? StatusMessage.Decode(texts.ToString()) : "";
        status = new GrpcStatus(code, message);
        return true;
    }

    /// <summary>Everything but what belongs to the protocol itself.</summary>
    public static IReadOnlyList<GrpcHeader> Metadata(HttpHeaders headers)
    {
        List<GrpcHeader>? metadata = null;
        foreach (var (name, values) in headers.NonValidated)
        {
            if (name is Status or Message)
                continue;
            foreach (var value in values)
                (metadata ??= []).Add(new GrpcHeader(name, value));
        }
        return metadata is null ? [] : metadata;
    }
}
