namespace Waypoint.Xds.Decoding;

/// <summary>Keeps one object for equal records: what istiod says about connections, limits and the like is the same for nearly every cluster and chain. Thread-safe.</summary>
internal static class SharedValue
{
    /// <summary>The one object that equals <paramref name="value"/>; itself if it is the first.</summary>
    /// <typeparam name="T">An immutable record; a list in it compares by reference, so only those without elements are found equal.</typeparam>
    public static T Of<T>(T value)
        where T : class, IEquatable<T>
    {
        lock (Pool<T>.Known)
        {
            if (Pool<T>.Known.TryGetValue(value, out T? known))
                return known;
            if (Pool<T>.Known.Count >= Pool<T>.Max)
                Pool<T>.Known.Clear();
            Pool<T>.Known.Add(value);
            return value;
        }
    }

    private static class Pool<T>
    {
        /// <summary>Where there are more different ones than this, there is little to share.</summary>
        public const int Max = 64;

        public static readonly HashSet<T> Known = [];
    }
}
