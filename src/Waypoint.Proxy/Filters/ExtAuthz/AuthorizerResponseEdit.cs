using Microsoft.AspNetCore.Http;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Headers;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>What a service that let a request pass says about its response.</summary>
internal sealed class AuthorizerResponseEdit(IReadOnlyList<HeaderChange> changes) : IResponseEdit
{
    public void Edit(HttpExchange exchange)
    {
        IHeaderDictionary lines = exchange.Context.Response.Headers;
        var headers = new ResponseHeaderEdits(lines);
        foreach (HeaderChange change in changes)
        {
            if (!HeaderText.IsName(change.Name) || !HeaderText.IsValue(change.Value) || HeaderText.IsFraming(change.Name))
            {
                continue;
            }

            // The edits may run again for one response: a line that was added stays one.
            if (change.Action != HeaderAppendAction.AppendIfExistsOrAdd || !lines[change.Name].Contains(change.Value))
            {
                RequestChange.Apply(ref headers, change);
            }
        }
    }
}
