using Waypoint.Model.Requests;

namespace Waypoint.Proxy.Upstream;

/// <summary>The headers of an answer that never came.</summary>
internal readonly struct NoHeaders : IHeaderView
{
    public int Count(string name) => 0;

    public string Get(string name, int index) => throw new ArgumentOutOfRangeException(nameof(index));
}
