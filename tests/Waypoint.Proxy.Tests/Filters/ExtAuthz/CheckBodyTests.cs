using System.Text;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Proxy.Filters.ExtAuthz;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Tests.Filters.ExtAuthz;

public sealed class CheckBodyTests
{
    private const string Text = "0123456789ABCDEF";

    [Theory]
    [InlineData(10, true, "0123456789", true, false)]
    [InlineData(16, true, Text, false, false)]
    [InlineData(16, false, Text, false, false)]
    [InlineData(100, false, Text, false, false)]
    [InlineData(15, false, "", true, true)]
    public async Task Read_WithLength_BeginningIsToldAndTheWholeStays(int most, bool partial, string told, bool isPartial, bool tooLarge)
    {
        HttpExchange exchange = Exchange(Text, length: Text.Length);
        CheckBody body = await CheckBody.ReadAsync(exchange, new CheckBodySettings(most, partial, AsBytes: false));
        Assert.Equal((isPartial, tooLarge), (body.IsPartial, body.IsTooLarge));
        Assert.Equal(told, Encoding.UTF8.GetString(body.Bytes.Span));
        Assert.Equal(Text, await new StreamReader(exchange.Context.Request.Body).ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    public async Task Read_WithoutLength_TooLargeIsNoticedAtTheBound(int most, bool tooLarge)
    {
        CheckBody body = await CheckBody.ReadAsync(Exchange(Text, length: null), new CheckBodySettings(most, AllowPartial: false, AsBytes: false));
        Assert.Equal(tooLarge, body.IsTooLarge);
    }

    [Fact]
    public async Task Read_LargeBody_KeptInOrder()
    {
        string text = string.Join(',', Enumerable.Range(0, 20_000));
        HttpExchange exchange = Exchange(text, length: null);
        CheckBody body = await CheckBody.ReadAsync(exchange, new CheckBodySettings(50_000, AllowPartial: true, AsBytes: true));
        Assert.Equal(text[..50_000], Encoding.UTF8.GetString(body.Bytes.Span));
        Assert.Equal(text, await new StreamReader(exchange.Context.Request.Body).ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private static HttpExchange Exchange(string body, long? length)
    {
        HttpExchange exchange = new ExchangeBuilder { Method = "POST" }.Build();
        exchange.Context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        exchange.Context.Request.ContentLength = length;
        return exchange;
    }
}
