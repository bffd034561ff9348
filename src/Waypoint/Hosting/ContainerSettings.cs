using Waypoint.Agent;
using Waypoint.Logging;

namespace Waypoint.Hosting;

/// <summary>How the container was started.</summary>
internal sealed record ContainerSettings
{
    /// <summary>Variables and mounted files.</summary>
    public required ContainerEnvironment Environment { get; init; }

    /// <summary>First part of the node id.</summary>
    public required string NodeType { get; init; }

    /// <summary><c>--domain</c>; null for the namespace's.</summary>
    public string? Domain { get; init; }

    /// <summary>What is logged.</summary>
    public required LogLevels Levels { get; init; }

    /// <summary><c>--log_as_json</c>.</summary>
    public bool JsonLog { get; init; }

    /// <summary>Arguments that we do not know; named in the log and ignored.</summary>
    public IReadOnlyList<string> UnknownArguments { get; init; } = [];
}
