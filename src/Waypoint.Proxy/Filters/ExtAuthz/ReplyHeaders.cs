using Microsoft.AspNetCore.Http;
using Waypoint.Model.Filters.ExtAuthz;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>Puts a service's headers on a reply of our own.</summary>
internal static class ReplyHeaders
{
    /// <summary>They replace ours; several of one name (cookies) stay several lines. What cannot stand in a head is left out: the reply denies either way.</summary>
    public static void Apply(IHeaderDictionary response, IReadOnlyList<HeaderChange> headers)
    {
        foreach (HeaderChange header in headers)
        {
            response.Remove(header.Name);
        }

        foreach (HeaderChange header in headers)
        {
            if (HeaderText.IsName(header.Name) && HeaderText.IsValue(header.Value) && !HeaderText.IsFraming(header.Name))
            {
                response.Append(header.Name, header.Value);
            }
        }
    }
}
