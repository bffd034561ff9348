using Waypoint.ControlPlane.Ads;

namespace Waypoint.ControlPlane.Recordings;

/// <summary>One recorded response.</summary>
/// <param name="Push">What it carried.</param>
/// <param name="IsAsked">It answered a subscription that the client made by itself, so a replay holds it ready but does not push it.</param>
public sealed record RecordedPush(AdsPush Push, bool IsAsked);
