using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Benchmarks;

/// <summary>A request with a single header that stays what it is, so that only the code under test is timed.</summary>
/// <param name="header">Its name, lower case.</param>
/// <param name="value">Its value.</param>
internal readonly struct OneFixedHeader(string header, string value) : IMutableHeaders
{
    public int Count(string name) => name == header ? 1 : 0;

    public string Get(string name, int index) => value;

    public void Set(string name, string value)
    {
    }

    public void Append(string name, string value)
    {
    }

    public void Remove(string name)
    {
    }

    public void RemoveMatching(StringMatcher name)
    {
    }
}
