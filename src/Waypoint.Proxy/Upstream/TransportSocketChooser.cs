using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Proxy.Upstream;

/// <summary>Which transport socket of its cluster an endpoint takes: the first whose labels stand in its metadata.</summary>
internal static class TransportSocketChooser
{
    /// <summary>The choice; a refused one if none fits.</summary>
    public static TransportSocketChoice Of(ClusterConfig cluster, Endpoint endpoint)
    {
        IReadOnlyList<TransportSocketChoice> choices = cluster.TransportSockets;
        for (int i = 0; i < choices.Count; i++)
        {
            if (Fits(choices[i], endpoint.SocketLabels))
            {
                return choices[i];
            }
        }

        return new TransportSocketChoice("none", new Dictionary<string, string>(), $"no transport socket of cluster {cluster.Name} fits endpoint {endpoint.AddressText}");
    }

    private static bool Fits(TransportSocketChoice choice, string labels)
    {
        if (choice.Labels.Count == 0)
        {
            return true;
        }

        foreach (KeyValuePair<string, string> label in choice.Labels)
        {
            bool found = false;
            foreach (Range part in labels.AsSpan().Split(','))
            {
                ReadOnlySpan<char> text = labels.AsSpan(part);
                found |= text.Length == label.Key.Length + 1 + label.Value.Length
                    && text.StartsWith(label.Key) && text[label.Key.Length] == '=' && text.EndsWith(label.Value);
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }
}
