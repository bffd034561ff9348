using System.Net.Http.Headers;
using Waypoint.Model.Requests;

namespace Waypoint.Proxy.Upstream;

/// <summary>The headers of an upstream's answer for the pure decisions.</summary>
internal readonly struct UpstreamHeaderView(HttpResponseMessage response) : IHeaderView
{
    public int Count(string name) => Find(name, out HeaderStringValues values) ? values.Count : 0;

    public string Get(string name, int index)
    {
        if (Find(name, out HeaderStringValues values))
        {
            foreach (string value in values)
            {
                if (index-- == 0)
                {
                    return value;
                }
            }
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    private bool Find(string name, out HeaderStringValues values) =>
        response.Headers.NonValidated.TryGetValues(name, out values) || response.Content.Headers.NonValidated.TryGetValues(name, out values);
}
