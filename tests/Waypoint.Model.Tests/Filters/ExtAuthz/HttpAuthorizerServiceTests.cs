using System.Text;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Headers;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Filters.ExtAuthz;

public sealed class HttpAuthorizerServiceTests
{
    private static readonly HttpAuthorizerService Service = new("guard", TimeSpan.FromSeconds(1), [], "/check")
    {
        UpstreamHeaders = List("x-user"),
        UpstreamHeadersToAppend = List("x-group"),
        ClientHeaders = List("x-why"),
        ClientHeadersOnSuccess = List("x-audit"),
        MetadataHeaders = List("x-score"),
    };

    [Fact]
    public void Read_Ok_OnlyListedHeadersReachTheRequest()
    {
        CheckAnswer answer = Read(200, ("x-user", "mia"), ("x-group", "a"), ("x-other", "1"), ("x-audit", "7"), ("x-score", "0.4"), ("content-length", "0"));

        Assert.Equal(CheckOutcome.Allowed, answer.Outcome);
        Assert.Equal(
            [new HeaderChange("x-user", "mia", HeaderAppendAction.OverwriteIfExistsOrAdd), new HeaderChange("x-group", "a", HeaderAppendAction.AppendIfExistsOrAdd)],
            answer.RequestHeaders);
        Assert.Equal([new HeaderChange("x-audit", "7", HeaderAppendAction.AppendIfExistsOrAdd)], answer.ResponseHeaders);
        Assert.Equal("0.4", answer.Metadata!.Field("x-score")!.Text);
    }

    [Fact]
    public void Read_OkWithHeadersToRemove_NamesAreSplit() =>
        Assert.Equal(["x-a", "x-b"], Read(200, ("x-envoy-auth-headers-to-remove", "x-a, x-b,")).RequestHeadersToRemove);

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    public void Read_ServerError_IsNoAnswer(int status) => Assert.Equal(CheckOutcome.Failed, Read(status).Outcome);

    [Theory]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(403)]
    [InlineData(418)]
    public void Read_AnythingButOk_DeniedWithThatStatus(int status)
    {
        CheckAnswer answer = Read(status, ("x-why", "because"), ("x-hidden", "1"), ("location", "/login"), ("www-authenticate", "Basic"), ("transfer-encoding", "chunked"));

        Assert.Equal(CheckOutcome.Denied, answer.Outcome);
        Assert.Equal(status, answer.Status);
        Assert.Equal("go away", Encoding.UTF8.GetString(answer.Body.Span));
        Assert.Equal(["x-why", "location", "www-authenticate"], answer.ReplyHeaders.Select(static h => h.Name));
    }

    [Fact]
    public void Read_DeniedWithoutAList_AllHeadersButThoseOfTheMessage()
    {
        CheckAnswer answer = (Service with { ClientHeaders = StringMatcherList.Empty }).Read(
            403, [new("set-cookie", "a=1"), new("set-cookie", "b=2"), new("connection", "close"), new("content-length", "3")], default);

        Assert.Equal(["a=1", "b=2"], answer.ReplyHeaders.Select(static h => h.Value));
    }

    [Fact]
    public void Tells_HttpService_HeadOfTheRequestAndAllowedHeadersOnly()
    {
        var config = new ExtAuthzFilterConfig("x", Service) { AllowedHeaders = List("x-token"), DisallowedHeaders = List("authorization") };

        Assert.True(config.Tells(":path"));
        Assert.True(config.Tells(":authority"));
        Assert.True(config.Tells("x-token"));
        Assert.False(config.Tells("cookie"));
        Assert.False(config.Tells("authorization"));
        Assert.False(config.Tells(ExtAuthzFilterConfig.PartialBodyHeader));
    }

    private static CheckAnswer Read(int status, params (string Name, string Value)[] headers) =>
        Service.Read(status, [.. headers.Select(static h => KeyValuePair.Create(h.Name, h.Value))], "go away"u8.ToArray());

    private static StringMatcherList List(params string[] names) => new([.. names.Select(static name => StringMatcher.Exact(name, ignoreCase: true))]);
}
