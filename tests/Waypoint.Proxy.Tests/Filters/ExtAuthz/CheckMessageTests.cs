using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Headers;
using Waypoint.Model.Matching;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Service.Auth.V3;
using Waypoint.Protos.Envoy.Type.V3;
using Waypoint.Proxy.Filters.ExtAuthz;
using Waypoint.Proxy.Http;
using RpcStatus = Waypoint.Protos.GoogleRpc.Status;

namespace Waypoint.Proxy.Tests.Filters.ExtAuthz;

public sealed class CheckMessageTests
{
    private static readonly GrpcAuthorizerService Service = new("c", "c", TimeSpan.Zero, [], 1 << 20);

    [Fact]
    public void OfRequest_EveryAttribute()
    {
        HttpExchange exchange = new ExchangeBuilder
        {
            Method = "POST",
            Target = "/x?y=1",
            Protocol = "HTTP/2",
            Headers = [("X-A", "1"), ("X-A", "2"), ("x-envoy-auth-partial-body", "forged"), ("x-envoy-downstream-service-cluster", "web")],
        }.Build();
        exchange.Metadata.Set("jwt", "sub", MetadataValue.Of("kim"));
        exchange.Metadata.Set("other", "a", MetadataValue.Of("b"));
        var route = new ExtAuthzRouteConfig(false) { ContextExtensions = new Dictionary<string, string> { ["tier"] = "gold" } };

        AttributeContext sent = CheckRequestWriter.OfRequest(
            exchange, new ExtAuthzFilterConfig("f", Service) { MetadataNamespaces = ["jwt", "absent"] }, route, new CheckBody("hello"u8.ToArray(), true, true, false, false)).Attributes;

        Assert.Equal(("127.44.1.101", 41234u), (sent.Source.Address.SocketAddress.Address, sent.Source.Address.SocketAddress.PortValue));
        Assert.Equal(("10.96.0.11", 80u), (sent.Destination.Address.SocketAddress.Address, sent.Destination.Address.SocketAddress.PortValue));
        Assert.Equal(("", "web"), (sent.Source.Principal, sent.Source.Service));
        AttributeContext.Types.HttpRequest http = sent.Request.Http;
        Assert.Equal(("POST", "/x?y=1", "shop.test", "http", "HTTP/2", "hello"), (http.Method, http.Path, http.Host, http.Scheme, http.Protocol, http.Body));
        Assert.Equal(("1,2", "true", "POST", "/x?y=1"), (http.Headers["x-a"], http.Headers["x-envoy-auth-partial-body"], http.Headers[":method"], http.Headers[":path"]));
        Assert.Equal("gold", sent.ContextExtensions["tier"]);
        Assert.Equal(["jwt"], sent.MetadataContext.FilterMetadata.Keys);
        Assert.Equal("kim", sent.MetadataContext.FilterMetadata["jwt"].Fields["sub"].StringValue);
    }

    [Fact]
    public void OfRequest_RawHeadersAndBytes_LinesApart()
    {
        HttpExchange exchange = new ExchangeBuilder { Headers = [("x-a", "1"), ("x-a", "\u00e9")] }.Build();
        AttributeContext.Types.HttpRequest http = CheckRequestWriter.OfRequest(
            exchange, new ExtAuthzFilterConfig("f", Service) { RawHeaders = true }, null, new CheckBody(new byte[] { 0xff }, true, false, true, false)).Attributes.Request.Http;

        Assert.Empty(http.Headers);
        Assert.Equal([[(byte)'1'], [0xe9]], http.HeaderMap.Headers.Where(static h => h.Key == "x-a").Select(static h => h.RawValue.ToByteArray()));
        Assert.Equal([0xff], http.RawBody.ToByteArray());
    }

    [Fact]
    public void Read_Ok_ChangesBothWays()
    {
        var response = new CheckResponse
        {
            OkResponse = new OkHttpResponse
            {
                Headers =
                {
                    new HeaderValueOption { Header = new HeaderValue { Key = "X-User", Value = "kim" } },
                    new HeaderValueOption { Header = new HeaderValue { Key = "x-more", Value = "1" }, Append = true },
                    new HeaderValueOption { Header = new HeaderValue { Key = "x-once", Value = "1" }, AppendAction = HeaderValueOption.Types.HeaderAppendAction.AddIfAbsent },
                },
                HeadersToRemove = { "X-Drop" },
                ResponseHeadersToAdd = { new HeaderValueOption { Header = new HeaderValue { Key = "x-checked", Value = "1" } } },
                QueryParametersToSet = { new QueryParameter { Key = "a", Value = "b" } },
            },
            DynamicMetadata = new Struct { Fields = { ["score"] = Value.ForNumber(3) } },
        };

        CheckAnswer answer = CheckResponseReader.Read(response);

        Assert.Equal(CheckOutcome.Allowed, answer.Outcome);
        Assert.Equal(
            [new HeaderChange("x-user", "kim", HeaderAppendAction.OverwriteIfExistsOrAdd), new HeaderChange("x-more", "1", HeaderAppendAction.AppendIfExistsOrAdd),
                new HeaderChange("x-once", "1", HeaderAppendAction.AddIfAbsent)],
            answer.RequestHeaders);
        Assert.Equal(["x-drop"], answer.RequestHeadersToRemove);
        Assert.Equal([new HeaderChange("x-checked", "1", HeaderAppendAction.AppendIfExistsOrAdd)], answer.ResponseHeaders);
        Assert.Equal(3, answer.Metadata!.Field("score")!.Number);
    }

    [Fact]
    public void Read_EmptyMessage_IsAllowed() => Assert.Equal(CheckOutcome.Allowed, CheckResponseReader.Read(new CheckResponse()).Outcome);

    [Fact]
    public void Read_StatusOtherThanOk_DeniedEvenWithOkResponse() =>
        Assert.Equal(CheckOutcome.Denied, CheckResponseReader.Read(new CheckResponse { Status = new RpcStatus { Code = 16 }, OkResponse = new OkHttpResponse() }).Outcome);

    [Fact]
    public void Read_Denied_StatusHeadersBody()
    {
        CheckAnswer answer = CheckResponseReader.Read(new CheckResponse
        {
            Status = new RpcStatus { Code = 7 },
            DeniedResponse = new DeniedHttpResponse { Status = new HttpStatus { Code = (StatusCode)418 }, Body = "teapot", Headers = { new HeaderValueOption { Header = new HeaderValue { Key = "x-why", Value = "tea" } } } },
        });
        Assert.Equal((CheckOutcome.Denied, 418, "teapot"), (answer.Outcome, answer.Status, System.Text.Encoding.UTF8.GetString(answer.Body.Span)));
        Assert.Equal("x-why", Assert.Single(answer.ReplyHeaders).Name);
    }

    [Fact]
    public void FromMessage_NestedWithoutEnd_Bounded()
    {
        var value = Value.ForString("x");
        for (int i = 0; i < 60; i++)
        {
            value = Value.ForList(value);
        }

        Assert.Equal(MetadataKind.Struct, MetadataMessage.FromMessage(new Struct { Fields = { ["a"] = value } }).Kind);
    }
}
