using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.HeaderMutation;
using Waypoint.Model.Formatting;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Filters;
using Filter = Waypoint.Protos.Envoy.Extensions.Filters.Http.HeaderMutation.V3.HeaderMutation;

namespace Waypoint.Xds.Tests.Decoding.Filters;

public sealed class HeaderMutationDecoderTests : IFormatValues
{
    private readonly DecodeContext _context = new("Filter chain 'inbound-vip|80|http|cart'");

    [Fact]
    public void DecodeHttp_EveryKindOfMutation_Applied()
    {
        HeaderMutationFilterConfig config = Decode("""
            {"mutations": {
              "request_mutations": [
                {"append": {"header": {"key": "X-New", "value": "%PROTOCOL%"}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}},
                {"remove": "X-Old"}, {"remove_on_match": {"key_matcher": {"prefix": "x-internal-"}}}],
              "query_parameter_mutations": [{"append": {"record": {"key": "v", "value": "2"}, "action": "OVERWRITE_IF_EXISTS_OR_ADD"}}, {"remove": "debug"}],
              "response_mutations": [{"remove": "server"}]},
             "most_specific_header_mutations_wins": true}
            """);
        Assert.Empty(_context.Problems);
        Assert.True(config.MostSpecificWins && config.Mutations.ChangesResponse);
        var headers = new HeaderLines(
            new Dictionary<string, string> { [":path"] = "/a?debug=1&v=1", ["x-old"] = "1", ["x-internal-a"] = "1", ["x-keep"] = "1" });
        config.Mutations.ApplyToRequest(ref headers, this);
        Assert.Equal([":path=/a?v=2", "x-keep=1", "x-new=text"], headers.Lines.Select(static line => $"{line.Key}={line.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"mutations": {"request_mutations": [{}]}}""", "typed_config.mutations.request_mutations[0].action")]
    [InlineData("""{"mutations": {"request_mutations": [{"remove": ":path"}]}}""", "typed_config.mutations.request_mutations[0].remove")]
    [InlineData("""{"mutations": {"response_mutations": [{"append": {"header": {"key": "a", "value": "%NOPE%"}}}]}}""", "typed_config.mutations.response_mutations[0].append.header.value")]
    [InlineData("""{"mutations": {"query_parameter_mutations": [{"append": {"record": {"key": "a", "value": 1}}}]}}""", "typed_config.mutations.query_parameter_mutations[0].append.record.value")]
    public void DecodeHttp_WhatCannotBeApplied_RefusedByName(string json, string path)
    {
        Decode(json);
        Assert.Equal(path, Assert.Single(_context.Problems).FieldPath);
    }

    public string? Header(FormatField field, string name) => null;

    public string? Text(FormatField field, string name) => "text";

    public long? Number(FormatField field) => null;

    public DateTimeOffset? Time(FormatField field) => null;

    public MetadataValue? Metadata(FormatField field, string filter) => null;

    private HeaderMutationFilterConfig Decode(string json) => HeaderMutationDecoder.DecodeHttp("f", Any.Pack(Json.Parse<Filter>(json)), _context)!;
}
