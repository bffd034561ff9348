namespace Waypoint.Model.Requests;

/// <summary>Header lines of a request or response as the pure decisions see them. Implemented by a struct over whatever holds the headers, and passed as a
/// type parameter, so that neither a copy nor a virtual call stands between a matcher and the server's own header table.
/// Names are lower case; the pseudo headers <c>:method</c>, <c>:path</c>, <c>:authority</c> and <c>:scheme</c> are found like ordinary ones.</summary>
public interface IHeaderView
{
    /// <summary>How many lines bear <paramref name="name"/>; 0 if it is absent.</summary>
    int Count(string name);

    /// <summary>The value of line <paramref name="index"/> (0 based, below <see cref="Count"/>).</summary>
    string Get(string name, int index);
}
