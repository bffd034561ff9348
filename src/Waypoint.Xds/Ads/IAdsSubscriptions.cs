namespace Waypoint.Xds.Ads;

/// <summary>
/// What the client asks for by name (EDS, RDS, SDS, ECDS). Calls only note the change and may come from any thread; they are
/// sent by the stream's writer, and again in full after a reconnect. A name that is removed and added again is asked for anew.
/// </summary>
public interface IAdsSubscriptions
{
    /// <summary>Makes these the only names of the type.</summary>
    /// <param name="typeUrl">A type without wildcard subscription.</param>
    /// <param name="names">May be empty: nothing is subscribed any more.</param>
    void SetNames(string typeUrl, IReadOnlyCollection<string> names);

    /// <summary>Adds names; those already subscribed cost nothing.</summary>
    /// <param name="typeUrl">A type without wildcard subscription.</param>
    /// <param name="names">To subscribe.</param>
    void Add(string typeUrl, IReadOnlyCollection<string> names);

    /// <summary>Removes names; unknown ones are ignored. No response follows.</summary>
    /// <param name="typeUrl">A type without wildcard subscription.</param>
    /// <param name="names">To unsubscribe.</param>
    void Remove(string typeUrl, IReadOnlyCollection<string> names);
}
