using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests.Upstream;

public sealed class UpstreamUrisTests
{
    [Fact]
    public void Get_SamePathTwice_SameAddress()
    {
        var uris = new UpstreamUris("http://10.1.2.3:8080");

        Assert.Same(uris.Get("/shop.Cart/Add"), uris.Get("/shop.Cart/Add"));
    }

    [Fact]
    public void Get_ManyPaths_EachGoesToItsOwn()
    {
        var uris = new UpstreamUris("http://10.1.2.3:8080");
        for (int turn = 0; turn < 2; turn++)
        {
            for (int i = 0; i < 500; i++)
            {
                Assert.Equal($"http://10.1.2.3:8080/items/{i}?q=%2e./", uris.Get($"/items/{i}?q=%2e./").OriginalString);
            }
        }
    }

    [Fact]
    public void Get_DotsAndEscapesInThePath_StayAsTheyAre() =>
        Assert.Equal("/a/%2e%2E/../b%zz?c=//d", new UpstreamUris("http://10.1.2.3:8080").Get("/a/%2e%2E/../b%zz?c=//d").PathAndQuery);

    [Fact]
    public void Get_LongPath_IsMadeEachTime()
    {
        var uris = new UpstreamUris("http://10.1.2.3:8080");
        string path = "/" + new string('a', 5000);

        Assert.NotSame(uris.Get(path), uris.Get(path));
        Assert.Equal(path, uris.Get(path).AbsolutePath);
    }
}
