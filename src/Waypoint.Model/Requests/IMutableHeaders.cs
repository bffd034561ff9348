using Waypoint.Model.Matching;

namespace Waypoint.Model.Requests;

/// <summary>Header lines that the pure edits may change: of the request that goes upstream, or of the response that goes back. Implemented by a struct over the
/// holder of the headers. Names are lower case; <c>:path</c> and <c>:authority</c> of a request are set like ordinary headers.</summary>
public interface IMutableHeaders : IHeaderView
{
    /// <summary>Replaces all lines of <paramref name="name"/> by one.</summary>
    void Set(string name, string value);

    /// <summary>Adds a line after those that exist.</summary>
    void Append(string name, string value);

    /// <summary>Removes all lines of <paramref name="name"/>; nothing happens if there is none.</summary>
    void Remove(string name);

    /// <summary>Removes all lines whose name fits; pseudo headers stay.</summary>
    void RemoveMatching(StringMatcher name);
}
