using Waypoint.Model.Requests;

namespace Waypoint.Benchmarks;

/// <summary>A request with a single header.</summary>
/// <param name="header">Its name, lower case.</param>
/// <param name="value">Its value.</param>
internal readonly struct OneHeader(string header, string value) : IHeaderView
{
    public int Count(string name) => name == header ? 1 : 0;

    public string Get(string name, int index) => value;
}
