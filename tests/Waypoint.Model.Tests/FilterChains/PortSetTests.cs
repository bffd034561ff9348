using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Tests.FilterChains;

public sealed class PortSetTests
{
    [Theory]
    [InlineData(79, false)]
    [InlineData(80, true)]
    [InlineData(81, false)]
    [InlineData(-1, false)]
    [InlineData(65536, false)]
    public void Range_EndIsNotPartOfIt(int port, bool expected) => Assert.Equal(expected, PortSet.Range(80, 81).Contains(port));

    [Theory]
    [InlineData(-5, 70000)]
    [InlineData(0, 65536)]
    public void Range_BeyondPortNumbers_IsCutOff(int start, int end)
    {
        PortSet all = PortSet.Range(start, end);

        Assert.True(all.Contains(0));
        Assert.True(all.Contains(65535));
        Assert.False(all.Contains(65536));
    }

    [Fact]
    public void Range_EndBeforeStart_IsEmpty() => Assert.False(PortSet.Range(90, 80).Contains(85));

    [Fact]
    public void Combined_FollowsTheSetOperations()
    {
        PortSet a = PortSet.Range(80, 90), b = PortSet.Range(85, 95);

        Assert.True(a.Union(b).Contains(94));
        Assert.False(a.Intersect(b).Contains(84));
        Assert.True(a.Intersect(b).Contains(85));
        Assert.True(a.Complement().Contains(79));
        Assert.False(a.Complement().Contains(80));
        Assert.True(PortSet.All.Contains(15008));
        Assert.False(PortSet.None.Contains(15008));
    }
}
