using Waypoint.Grpc.Framing;

namespace Waypoint.Grpc.Tests.Framing;

public class StatusMessageTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100%", "100%25")]
    [InlineData("é\n", "%C3%A9%0A")]
    [InlineData("日", "%E6%97%A5")]
    public void Encode_OutsidePrintableAscii_PercentEncodedAndReadBack(string message, string encoded)
    {
        Assert.Equal(encoded, StatusMessage.Encode(message));
        Assert.Equal(message, StatusMessage.Decode(encoded));
    }

    [Theory]
    [InlineData("50%", "50%")]
    [InlineData("%zz", "%zz")]
    [InlineData("%4", "%4")]
    public void Decode_NoEscape_StaysAsItIs(string encoded, string message) => Assert.Equal(message, StatusMessage.Decode(encoded));
}
