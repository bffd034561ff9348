namespace Waypoint.Xds.Ads;

/// <summary>What the consumer made of a response. Whatever it says, the good resources of the response are in force.</summary>
public sealed record AdsVerdict
{
    private AdsVerdict(string? message, IReadOnlySet<string> rejectedNames) => (Message, RejectedNames) = (message, rejectedNames);

    /// <summary>Everything was applied.</summary>
    public static AdsVerdict Ack { get; } = new(null, new HashSet<string>());

    /// <summary>Some resources were refused; the others were applied.</summary>
    /// <param name="message">For the operator, who reads it at istiod: every refused resource with field, value and what is accepted.</param>
    /// <param name="rejectedNames">The resources that were refused, as a whole or in part; their versions are not advertised as held after a reconnect.</param>
    public static AdsVerdict Nack(string message, IReadOnlyCollection<string> rejectedNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(message);
        ArgumentNullException.ThrowIfNull(rejectedNames);
        return new(message, rejectedNames as IReadOnlySet<string> ?? rejectedNames.ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Text for <c>error_detail.message</c>; null for an ACK.</summary>
    public string? Message { get; }

    /// <summary>Names of the refused resources; empty for an ACK.</summary>
    public IReadOnlySet<string> RejectedNames { get; }

    /// <summary>Whether the response is acknowledged without an error.</summary>
    public bool IsAck => Message is null;
}
