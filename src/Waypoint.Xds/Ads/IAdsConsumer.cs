namespace Waypoint.Xds.Ads;

/// <summary>Where responses go. Called for one response at a time, in the order of arrival, over all connections.</summary>
public interface IAdsConsumer
{
    /// <summary>Decodes and applies a response. It is acknowledged when this returns, so return after the change is in force.</summary>
    /// <param name="response">As istiod sent it.</param>
    /// <param name="subscriptions">For the names that the response refers to; may be kept and used later.</param>
    /// <param name="cancellation">Shutdown; a lost connection does not cancel.</param>
    /// <returns>Whether all of it was accepted.</returns>
    ValueTask<AdsVerdict> ApplyAsync(AdsResponse response, IAdsSubscriptions subscriptions, CancellationToken cancellation);
}
