using Waypoint.Model.Formatting;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Headers;

/// <summary>One change of a query (<c>envoy.config.core.v3.KeyValueMutation</c>).</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Value">What to set or add; null: the parameter is removed.</param>
/// <param name="Action">How it meets values that exist.</param>
public sealed record QueryMutation(string Name, HeaderFormat? Value, HeaderAppendAction Action)
{
    /// <summary>Changes <paramref name="parameters"/>.</summary>
    public void Apply(QueryParameters parameters, IFormatValues values)
    {
        if (Value is null)
        {
            parameters.Remove(Name);
            return;
        }

        var exists = parameters.First(Name) is not null;
        switch (Action)
        {
            case HeaderAppendAction.AddIfAbsent when exists:
            case HeaderAppendAction.OverwriteIfExists when !exists:
                return;
            case HeaderAppendAction.OverwriteIfExists or HeaderAppendAction.OverwriteIfExistsOrAdd:
                parameters.Overwrite(Name, Text(values));
                return;
            default:
                parameters.Add(Name, Text(values));
                return;
        }
    }

    /// <summary>The value; what would end it, or the query, is encoded, because it may come from a client's header.</summary>
    private string Text(IFormatValues values) => PercentCoding.Encode(Value!.Render(values), " \"#&+");
}
