using Waypoint.Model.Requests;

namespace Waypoint.Model.Edge;

/// <summary>Removes a <c>referer</c> that is repeated or no URI: it reaches logs and applications that trust its form.</summary>
internal static class RefererHeader
{
    private const string Name = "referer";

    public static void Sanitize<THeaders>(ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        var count = headers.Count(Name);
        if (count > 1 || (count == 1 && !RequestUri.IsReferer(headers.Get(Name, 0))))
            headers.Remove(Name);
    }
}
