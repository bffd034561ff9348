using Waypoint.Model.Formatting;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Formatting;

/// <summary>Facts of a request that has headers, a protocol, a start and some filter state.</summary>
internal sealed class RequestValues(HeaderLines request) : IFormatValues
{
    internal static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_522_796_769_123);

    public string? Header(FormatField field, string name) =>
        field == FormatField.RequestHeader && request.Count(name) > 0 ? request.Get(name, 0) : null;

    public string? Text(FormatField field, string name) => field switch
    {
        FormatField.Protocol => "HTTP/1.1",
        FormatField.FilterState when name == "key" => "a \"state\"",
        FormatField.DownstreamRemoteAddress => "[::1]:4711",
        FormatField.DownstreamLocalAddress => "10.0.0.1:80",
        _ => null,
    };

    public long? Number(FormatField field) => field == FormatField.Duration ? 7 : null;

    public DateTimeOffset? Time(FormatField field) => Start;

    public MetadataValue? Metadata(FormatField field, string filter) =>
        filter == "jwt" ? MetadataValue.Of([KeyValuePair.Create("sub", MetadataValue.Of("me")), KeyValuePair.Create("n", MetadataValue.Of(3))]) : null;
}
