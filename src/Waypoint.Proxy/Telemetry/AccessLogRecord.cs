namespace Waypoint.Proxy.Telemetry;

/// <summary>One access-log record: exactly one is written per request, and one per TCP tunnel.</summary>
internal readonly record struct AccessLogRecord
{
    /// <summary><c>http</c>, <c>tcp</c> or <c>tunnel</c> (a CONNECT that got no chain).</summary>
    public required string Layer { get; init; }

    /// <summary>False when the chain has no access logger and only the JSON stream wants the record.</summary>
    public bool ToText { get; init; }

    /// <summary>The line of the chain's own format; null: the default line, made of the fields below.</summary>
    public string? Line { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    public TimeSpan Duration { get; init; }

    public string? Method { get; init; }

    /// <summary>Path as the client sent it (before rewrites).</summary>
    public string? Path { get; init; }

    public string? Protocol { get; init; }

    /// <summary>0 if nothing was answered.</summary>
    public int Status { get; init; }

    /// <summary>Short response flags, comma separated; empty if none.</summary>
    public string? Flags { get; init; }

    public string? Details { get; init; }

    public string? TerminationDetails { get; init; }

    public string? TransportFailure { get; init; }

    public long BytesReceived { get; init; }

    public long BytesSent { get; init; }

    public TimeSpan? UpstreamServiceTime { get; init; }

    public string? ForwardedFor { get; init; }

    public string? UserAgent { get; init; }

    public string? RequestId { get; init; }

    public string? Authority { get; init; }

    public string? UpstreamHost { get; init; }

    public string? UpstreamCluster { get; init; }

    public string? UpstreamLocalAddress { get; init; }

    public string? DownstreamLocalAddress { get; init; }

    public string? DownstreamRemoteAddress { get; init; }

    public string? RequestedServerName { get; init; }

    public string? RouteName { get; init; }
}
