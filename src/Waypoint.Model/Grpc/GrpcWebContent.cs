namespace Waypoint.Model.Grpc;

/// <summary>What a content type says about gRPC-Web.</summary>
/// <param name="IsText">Frames are in base64.</param>
public readonly record struct GrpcWebContent(bool IsText)
{
    private const string Binary = "application/grpc-web";
    private const string Text = "application/grpc-web-text";
    private const string Encoding = "+proto";

    /// <summary>Null for what is no gRPC-Web.</summary>
    public static GrpcWebContent? Parse(string? contentType) => contentType switch
    {
        Binary or Binary + Encoding => new GrpcWebContent(false),
        Text or Text + Encoding => new GrpcWebContent(true),
        _ => null,
    };

    /// <summary>The content type of an answer.</summary>
    public static string TypeOf(bool isText) => isText ? Text + Encoding : Binary + Encoding;
}
