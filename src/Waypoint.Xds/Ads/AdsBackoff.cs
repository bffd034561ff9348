namespace Waypoint.Xds.Ads;

/// <summary>
/// Delays before reconnects: evenly spread between zero and a ceiling that doubles up to a cap. The spread over the whole range
/// keeps a mesh of waypoints from coming back to a restarted istiod in one wave.
/// </summary>
internal sealed class AdsBackoff(TimeSpan baseDelay, TimeSpan cap, Random random)
{
    private int _doublings;

    public TimeSpan Next()
    {
        var ceiling = baseDelay * Math.Pow(2, _doublings);
        if (ceiling < cap)
            _doublings++;
        else
            ceiling = cap;
        return ceiling * random.NextDouble();
    }

    public void Reset() => _doublings = 0;
}
