using Waypoint.Model.Formatting;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Formatting;

public sealed class FormatStringTests
{
    [Theory]
    [InlineData("%DOWNSTREAM_REMOTE_ADDRESS%", "[::1]:4711")]
    [InlineData("%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%", "::1")]
    [InlineData("%DOWNSTREAM_LOCAL_PORT%", "80")]
    [InlineData("%DYNAMIC_METADATA(jwt:sub)% %DYNAMIC_METADATA(jwt)% %DYNAMIC_METADATA(jwt:none)%", "me {\"n\":3,\"sub\":\"me\"} -")]
    [InlineData("%METADATA(DYNAMIC:jwt:n)%", "3")]
    [InlineData("%FILTER_STATE(key:PLAIN)% %FILTER_STATE(key)%", "a \"state\" \"a \\\"state\\\"\"")]
    [InlineData("%QUERY_PARAM(b)%|%PATH(NQ)%", "2 3|/a")]
    [InlineData("%RESPONSE_CODE% %RESPONSE_DURATION%", "0 -")]
    public void Render_Operator_WrittenAsEnvoyDoes(string source, string expected) => Assert.Equal(expected, Parse(source).Render(Values("/a?b=2%203"), "-"));

    [Fact]
    public void Render_OldFormsInHeaderValue_Understood()
    {
        Assert.True(FormatString.TryParse("""%DYNAMIC_METADATA(["jwt", "sub"])%%PER_REQUEST_STATE(key)%""", headerForms: true, out var format, out var problem), problem);
        Assert.Equal("mea \"state\"", format.Render(Values("/"), ""));
    }

    [Theory]
    [InlineData("%PATH(XX)%")]
    [InlineData("%METADATA(NOTHING:a)%")]
    [InlineData("%FILTER_STATE(key:OTHER)%")]
    [InlineData("%PROTOCOL:3%")]
    [InlineData("%REQ(a?b?c)%")]
    [InlineData("%START_TIME(%n)%")]
    public void TryParse_WrongArgument_Refused(string source) => Assert.False(FormatString.TryParse(source, headerForms: false, out _, out _));

    [Fact]
    public void Render_StructuredFormat_KeepsTypesAndSortsFields()
    {
        var template = MetadataValue.Of([
            KeyValuePair.Create("z", MetadataValue.Of("%DURATION%")),
            KeyValuePair.Create("a", MetadataValue.Of([MetadataValue.Of("%PROTOCOL%"), MetadataValue.Of("%REQ(none)%"), MetadataValue.Of("x%REQ(none)%")])),
            KeyValuePair.Create("m", MetadataValue.True),
        ]);
        Assert.True(StructuredFormat.TryParse(template, out var format, out var problem), problem);
        Assert.Equal("""{"a":["HTTP/1.1",null,"x-"],"m":true,"z":7}""", format.Render(Values("/"), "-"));
    }

    /// <summary>Whatever is accepted can be rendered. The seed makes a failure repeatable.</summary>
    [Fact]
    public void TryParse_RandomText_NeverThrows()
    {
        const string Pieces = "%%()[]:?\"REQSTAMFILDYNC_0123456789abc \n\\,";
        var random = new Random(20261128);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(24)).Select(_ => Pieces[random.Next(Pieces.Length)])]);
            if (FormatString.TryParse("%REQ(a)%" + text, headerForms: i % 2 == 0, out var format, out _))
                Assert.NotNull(format.Render(Values("/"), "-"));
        }
    }

    private static RequestValues Values(string path) => new(new HeaderLines([KeyValuePair.Create(":path", path)]));

    private static FormatString Parse(string source)
    {
        Assert.True(FormatString.TryParse(source, headerForms: false, out var format, out var problem), problem);
        return format;
    }
}
