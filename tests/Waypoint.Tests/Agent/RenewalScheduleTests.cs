using Waypoint.Agent;

namespace Waypoint.Tests.Agent;

public class RenewalScheduleTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IssuedCertificate Day = new("", "", "", Start, Start.AddHours(24));

    [Theory]
    [InlineData(0.5, 12 * 60)]
    [InlineData(0, 12 * 60 + 14.4)]
    [InlineData(1, 12 * 60 - 14.4)]
    public void UntilRenewal_HalfOfTheLifetimeWithJitter(double random, double minutes) =>
        Assert.Equal(minutes, RenewalSchedule.Default.UntilRenewal(Day, Start, random).TotalMinutes, 3);

    [Fact]
    public void UntilRenewal_AlreadyDue_Zero() =>
        Assert.Equal(TimeSpan.Zero, RenewalSchedule.Default.UntilRenewal(Day, Start.AddHours(20), 0.5));

    [Fact]
    public void AfterFailure_GrowsToAMinuteAndNoFurther()
    {
        Assert.Equal(0.5, RenewalSchedule.AfterFailure(1, null, 0.5).TotalSeconds, 3);
        Assert.Equal(0.75, RenewalSchedule.AfterFailure(2, null, 0.5).TotalSeconds, 3);
        Assert.Equal(60, RenewalSchedule.AfterFailure(1000, null, 0.5).TotalSeconds, 3);
        Assert.Equal(90, RenewalSchedule.AfterFailure(1000, null, 1).TotalSeconds, 3);
    }

    [Fact]
    public void AfterFailure_CertificateNearItsEnd_TriesSoonerThanItEnds() =>
        Assert.Equal(1, RenewalSchedule.AfterFailure(1000, TimeSpan.FromSeconds(8), 0.5).TotalSeconds, 3);
}
