using Microsoft.AspNetCore.Http;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters;

/// <summary>What an <see cref="IResponseEdit"/> does to the trailers as well.</summary>
internal interface ITrailerEdit
{
    /// <summary>Called after the last byte of the body, with the trailers that will be sent; may write to the body.</summary>
    ValueTask EditTrailersAsync(HttpExchange exchange, IHeaderDictionary trailers);
}
