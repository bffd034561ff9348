using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.AccessLogs;
using Waypoint.Model.Formatting;
using Waypoint.Model.Matching;
using Waypoint.Protos.Envoy.Config.Accesslog.V3;
using Waypoint.Protos.Envoy.Extensions.AccessLoggers.File.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Listeners;

namespace Waypoint.Xds.Tests.Decoding.Listeners;

public sealed class AccessLogFormatDecoderTests
{
    private readonly DecodeContext _context = new("Filter chain 'inbound-vip|80|http|cart'");

    [Theory]
    [InlineData("""{"path": "/dev/stdout", "log_format": {"json_format": {"code": "%RESPONSE_CODE%", "a": "%REQ(x-a)%", "b": "%REQ(x-b)%/"}}}""", "{\"a\":null,\"b\":\"-/\",\"code\":403}\n")]
    [InlineData("""{"path": "/dev/stdout", "log_format": {"text_format_source": {"inline_string": "%RESPONSE_CODE% %REQ(x-a)%\n"}}}""", "403 -\n")]
    [InlineData("""{"path": "/dev/stdout", "log_format": {"text_format": "%RESPONSE_CODE%"}}""", "403\n")]
    public void Decode_OneFileLog_ItsFormat(string json, string line) => Assert.Equal(line, Decode(json)!.Render(new Values()));

    [Fact]
    public void Decode_UnknownOperator_ListedAndDefaultLine()
    {
        Assert.Null(Decode("""{"path": "/dev/stdout", "log_format": {"text_format": "%NO_SUCH_THING%"}}"""));
        Assert.Empty(_context.Problems);
        Assert.Contains(_context.Ignored, static ignored => ignored.Reason.Contains("default line", StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_WithoutFormat_DefaultLine() => Assert.Null(Decode("""{"path": "/dev/stdout"}"""));

    private AccessLogFormat? Decode(string json) =>
        AccessLogFormatDecoder.Decode(new RepeatedField<AccessLog> { new AccessLog { Name = "f", TypedConfig = Any.Pack(Json.Parse<FileAccessLog>(json)) } }, _context);

    private sealed class Values : IFormatValues
    {
        public string? Header(FormatField field, string name) => null;

        public string? Text(FormatField field, string name) => null;

        public long? Number(FormatField field) => field == FormatField.ResponseCode ? 403 : null;

        public DateTimeOffset? Time(FormatField field) => null;

        public MetadataValue? Metadata(FormatField field, string filter) => null;
    }
}
