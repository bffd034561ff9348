using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>The part of a request's body that goes into a check.</summary>
/// <param name="Bytes">The beginning of the body, as far as it is told.</param>
/// <param name="IsRead">False if the body is not told at all.</param>
/// <param name="IsPartial">There is more.</param>
/// <param name="AsBytes">A gRPC service gets bytes.</param>
/// <param name="IsTooLarge">The body is longer than may be told: the request cannot be checked.</param>
internal readonly record struct CheckBody(ReadOnlyMemory<byte> Bytes, bool IsRead, bool IsPartial, bool AsBytes, bool IsTooLarge)
{
    private const int FirstBlock = 4096;

    /// <summary>The body is not told.</summary>
    public static CheckBody None => default;

    /// <summary>Reads as much as the service gets and puts it back in front of the rest.</summary>
    public static async ValueTask<CheckBody> ReadAsync(HttpExchange exchange, CheckBodySettings settings)
    {
        long? length = exchange.Context.Request.ContentLength;
        if (!settings.AllowPartial && length > settings.MaxBytes)
        {
            return new CheckBody(default, true, true, settings.AsBytes, IsTooLarge: true);
        }

        // One byte beyond the bound tells a body that just fits from one that does not.
        int most = settings.MaxBytes == int.MaxValue ? int.MaxValue - 1 : settings.MaxBytes;
        Stream source = exchange.Context.Request.Body;
        byte[] buffer = new byte[Math.Min(most + 1, (int)Math.Min(length + 1 ?? FirstBlock, FirstBlock))];
        int filled = 0;
        bool ended = false;
        while (!ended && (settings.AllowPartial ? filled < most : filled <= most))
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, most + 1L));
            }

            int read = await source.ReadAsync(buffer.AsMemory(filled), exchange.ClientGone).ConfigureAwait(false);
            ended = read == 0;
            filled += read;
        }

        exchange.Context.Request.Body = new PrefixedBody(buffer.AsMemory(0, filled), source);
        bool tooLarge = filled > most && !settings.AllowPartial;
        int told = Math.Min(filled, most);
        return new CheckBody(buffer.AsMemory(0, told), true, filled > told || length > told, settings.AsBytes, tooLarge);
    }
}
