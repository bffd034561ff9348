namespace Waypoint.Model.LoadBalancing;

/// <summary>How the traffic is shared among priorities: a priority is trusted with its healthy share times the overprovisioning factor, what it cannot take spills to
/// the next, degraded endpoints take what no healthy one can. Shares are whole percents, rounded as Envoy does.</summary>
internal readonly struct PriorityLoads
{
    private PriorityLoads(int[] healthy, int[] degraded, bool[] panic)
    {
        Healthy = healthy;
        Degraded = degraded;
        Panic = panic;
    }

    /// <summary>Percent of the traffic for the healthy endpoints of each priority; for all its endpoints where <see cref="Panic"/>.</summary>
    public int[] Healthy { get; }

    /// <summary>Percent of the traffic for the degraded endpoints of each priority.</summary>
    public int[] Degraded { get; }

    /// <summary>Priorities with too few available endpoints to go by their health.</summary>
    public bool[] Panic { get; }

    /// <summary>Shares the traffic out.</summary>
    /// <param name="counts">Per priority, most important first: all, healthy and degraded endpoints.</param>
    /// <param name="overprovisioningPercent">140 by default.</param>
    /// <param name="panicThresholdPercent">0 (istiod): never panic, rather no endpoint.</param>
    public static PriorityLoads Of(IReadOnlyList<(int Total, int Healthy, int Degraded)> counts, uint overprovisioningPercent, double panicThresholdPercent)
    {
        int[] healthy = new int[counts.Count];
        int[] degraded = new int[counts.Count];
        bool[] panic = new bool[counts.Count];
        int available = 0;
        for (int i = 0; i < counts.Count; i++)
        {
            healthy[i] = Availability(counts[i].Healthy, counts[i].Total, overprovisioningPercent);
            degraded[i] = Availability(counts[i].Degraded, counts[i].Total, overprovisioningPercent);
            available = Math.Min(100, available + healthy[i] + degraded[i]);
        }

        for (int i = 0; available < 100 && i < counts.Count; i++)
        {
            double percent = counts[i].Total == 0 ? 0 : 100.0 * (counts[i].Healthy + counts[i].Degraded) / counts[i].Total;
            panic[i] = percent < panicThresholdPercent;
        }

        if (counts.Count > 0 && Array.TrueForAll(panic, static p => p))
            ShareByCount(counts, healthy, degraded);
        else if (available > 0)
            Share(available, healthy, degraded);
        return new PriorityLoads(healthy, degraded, panic);
    }

    private static int Availability(int count, int total, uint overprovisioningPercent)
        => total == 0 ? 0 : (int)Math.Min(100, (long)overprovisioningPercent * count / total);

    private static void Share(int available, int[] healthy, int[] degraded)
    {
        int left = 100;
        int first = Take(healthy, available, ref left);
        int firstDegraded = Take(degraded, available, ref left);
        if (first >= 0)
            healthy[first] += left;
        else
            degraded[firstDegraded] += left;
    }

    private static int Take(int[] availability, int available, ref int left)
    {
        int first = -1;
        for (int i = 0; i < availability.Length; i++)
        {
            if (first < 0 && availability[i] > 0)
                first = i;
            availability[i] = Math.Min(left, availability[i] * 100 / available);
            left -= availability[i];
        }

        return first;
    }

    /// <summary>Every priority is in panic: health says nothing anymore, so that the traffic follows the number of endpoints.</summary>
    private static void ShareByCount(IReadOnlyList<(int Total, int Healthy, int Degraded)> counts, int[] healthy, int[] degraded)
    {
        Array.Clear(degraded);
        int total = counts.Sum(static c => c.Total);
        int left = 100;
        int first = -1;
        for (int i = 0; i < counts.Count; i++)
        {
            healthy[i] = total == 0 ? 0 : (int)(100L * counts[i].Total / total);
            left -= healthy[i];
            if (first < 0 && counts[i].Total > 0)
                first = i;
        }

        if (first >= 0)
            healthy[first] += left;
    }
}
