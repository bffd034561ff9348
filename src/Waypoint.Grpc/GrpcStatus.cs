using Grpc.Core;

namespace Waypoint.Grpc;

/// <summary>The end of a call.</summary>
/// <param name="Code"><c>grpc-status</c>; numbers beyond the known ones read as <see cref="GrpcStatusCode.Unknown"/>.</param>
/// <param name="Message"><c>grpc-message</c>, decoded; empty when there is none.</param>
public readonly record struct GrpcStatus(GrpcStatusCode Code, string Message)
{
    /// <summary>Success without a message.</summary>
    public static GrpcStatus Ok { get; } = new(GrpcStatusCode.Ok, "");

    /// <summary>Whether the call succeeded.</summary>
    public bool IsOk => Code == GrpcStatusCode.Ok;

    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Message) ? Code.ToString() : $"{Code}: {Message}";

    /// <summary>As the library has it.</summary>
    internal static GrpcStatus From(Status status) =>
        new(status.StatusCode is >= StatusCode.OK and <= StatusCode.Unauthenticated ? (GrpcStatusCode)status.StatusCode : GrpcStatusCode.Unknown, status.Detail);

    /// <summary>As the library has it.</summary>
    /// <param name="cause">Kept for whoever maps it back.</param>
    internal Status ToLibrary(Exception? cause = null) => new((StatusCode)Code, Message ?? "", cause);
}
