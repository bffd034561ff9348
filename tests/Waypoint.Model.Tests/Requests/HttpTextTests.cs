using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Requests;

/// <summary>Text that comes from clients: whatever it is, readers answer and do not throw.</summary>
public sealed class HttpTextTests
{
    private const string Pieces = "%=&?;:/@#[]\"., \tabcXYZ019-_~\u00e3";

    [Fact]
    public void Readers_RandomText_NeverThrow()
    {
        var random = new Random(4711);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(20)).Select(_ => Pieces[random.Next(Pieces.Length)])]);
            Assert.Equal(QueryParameters.Strip(text), QueryParameters.Strip(QueryParameters.Parse(text, decode: true).ReplaceIn(text)));
            AbsoluteUrl.TryParse(text, isConnect: i % 2 == 0, out _);
            AbsoluteUrl.TryParse("http://" + text, isConnect: false, out _);
            RequestUri.IsReferer(text);
            PercentCoding.DecodeQueryParameter(text);
            Assert.Equal(text, PercentCoding.Decode(PercentCoding.Encode(text, "%")));
            var headers = new HeaderLines([KeyValuePair.Create("connection", text), KeyValuePair.Create("cookie", text), KeyValuePair.Create("te", text)]);
            Cookies.Find(headers, Cookies.RequestHeader, "a");
            Cookies.Remove(ref headers, "a");
            ConnectionTokens.TrySanitize(ref headers);
        }
    }

    [Fact]
    public void TrySanitize_NominatesForwardedFor_Refused()
    {
        var headers = new HeaderLines([KeyValuePair.Create("connection", "close, X-Forwarded-For"), KeyValuePair.Create("x-forwarded-for", "10.0.0.1")]);
        Assert.False(ConnectionTokens.TrySanitize(ref headers));
        Assert.Equal(1, headers.Count("x-forwarded-for"));
    }
}
