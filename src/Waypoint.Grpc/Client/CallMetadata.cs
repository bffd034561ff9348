using System.Globalization;
using Grpc.Core;

namespace Waypoint.Grpc.Client;

/// <summary>Metadata between our form and the library's, which holds binary values decoded.</summary>
internal static class CallMetadata
{
    /// <summary>Carries the timeout to <see cref="CallHandler"/>: the library lets no <c>grpc-timeout</c> pass but that of its own deadline.</summary>
    public const string Timeout = "waypoint-timeout";

    /// <summary>Eight digits are what <c>grpc-timeout</c> has room for: a day and more as milliseconds.</summary>
    private const long MaxTimeoutDigits = 99_999_999;

    /// <summary>What a call sends, besides what the library and the transport add.</summary>
    public static Metadata? Of(IReadOnlyList<GrpcHeader> channel, GrpcCallOptions call)
    {
        if (channel.Count + call.Metadata.Count == 0 && call.Timeout is null)
            return null;
        var metadata = new Metadata();
        Add(metadata, channel);
        Add(metadata, call.Metadata);
        if (call.Timeout is { } timeout)
            metadata.Add(Timeout, TimeoutText(timeout));
        return metadata;
    }

    /// <summary>What a call received.</summary>
    public static IReadOnlyList<GrpcHeader> Of(Metadata received)
    {
        if (received.Count == 0)
            return [];
        var headers = new List<GrpcHeader>(received.Count);
        foreach (var entry in received)
            headers.Add(new GrpcHeader(entry.Key, entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value));
        return headers;
    }

    private static void Add(Metadata metadata, IReadOnlyList<GrpcHeader> headers)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            var (name, value) = headers[i];
            if (name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
                metadata.Add(name, Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '=')));
            else
                metadata.Add(name, value);
        }
    }

    /// <summary>Never shorter than the deadline: who gives up first is this side.</summary>
    private static string TimeoutText(TimeSpan timeout)
    {
        var milliseconds = (long)Math.Ceiling(Math.Max(timeout.TotalMilliseconds, 1));
        return milliseconds <= MaxTimeoutDigits
            ? milliseconds.ToString(CultureInfo.InvariantCulture) + "m"
            : Math.Min((long)Math.Ceiling(timeout.TotalSeconds), MaxTimeoutDigits).ToString(CultureInfo.InvariantCulture) + "S";
    }
}
