namespace Waypoint.Conformance.Tests.Wire;

/// <summary>Orders headers by name and value, to compare them where their order does not matter.</summary>
internal sealed class PairOrder : IComparer<KeyValuePair<string, string>>
{
    internal static readonly PairOrder Instance = new();

    public int Compare(KeyValuePair<string, string> x, KeyValuePair<string, string> y)
    {
        int byName = string.CompareOrdinal(x.Key, y.Key);
        return byName != 0 ? byName : string.CompareOrdinal(x.Value, y.Value);
    }
}
