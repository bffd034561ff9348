using System.Globalization;
using Waypoint.Model.Headers;

namespace Waypoint.Proxy.Http;

/// <summary>What operators of an access log's format say about a finished request: what headers may say, and how it ended.</summary>
internal sealed class AccessLogValues(HttpExchange exchange) : IFormatValues
{
    public string? Get(FormatField field, string argument) => field switch
    {
        FormatField.ResponseCode => ExchangeRecord.StatusOf(exchange).ToString(CultureInfo.InvariantCulture),
        FormatField.ResponseFlags => ExchangeRecord.FlagsOf(exchange) is { Length: > 0 } flags ? flags : null,
        FormatField.ResponseCodeDetails => ExchangeRecord.DetailsOf(exchange),
        _ => exchange.FormatValues.Get(field, argument),
    };
}
