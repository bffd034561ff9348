using System.Globalization;
using System.Net;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>Which name servers are asked and how (resolv.conf(5)). Immutable.</summary>
internal sealed record ResolverSettings
{
    private const int MaxServers = 3;
    private const int MaxSuffixes = 8;
    private const int DnsPort = 53;

    /// <summary>Name servers in order; never empty.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [new(IPAddress.Loopback, DnsPort)];

    /// <summary><c>search</c>: suffixes for names that are not found as they are.</summary>
    public IReadOnlyList<string> Suffixes { get; init; } = [];

    /// <summary><c>options timeout:N</c>: for one try; 1 to 30 s, default 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>options attempts:N</c>: tries of one server; 1 to 5, default 2.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Reads a resolv.conf; what is not understood is passed over, as every resolver does. Never throws.</summary>
    public static ResolverSettings Parse(string text)
    {
        var settings = new ResolverSettings();
        var servers = new List<IPEndPoint>();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || words[0][0] is '#' or ';')
            {
                continue;
            }

            switch (words[0])
            {
                case "nameserver" when servers.Count < MaxServers && IPAddress.TryParse(words[1], out IPAddress? address):
                    servers.Add(new IPEndPoint(address, DnsPort));
                    break;
                case "search" or "domain":
                    settings = settings with { Suffixes = [.. words.Skip(1).Select(static s => s.Trim('.')).Where(static s => s.Length > 0).Take(MaxSuffixes)] };
                    break;
                case "options":
                    settings = words.Skip(1).Aggregate(settings, WithOption);
                    break;
            }
        }

        return servers.Count > 0 ? settings with { Servers = servers } : settings;
    }

    private static ResolverSettings WithOption(ResolverSettings settings, string option)
    {
        int colon = option.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !int.TryParse(option.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int value))
        {
            return settings;
        }

        return option.AsSpan(0, colon) switch
        {
            "timeout" => settings with { Timeout = TimeSpan.FromSeconds(Math.Clamp(value, 1, 30)) },
            "attempts" => settings with { Attempts = Math.Clamp(value, 1, 5) },
            _ => settings,
        };
    }
}
