using Waypoint.Model.Matching;

namespace Waypoint.Model.Filters.ExtAuthz;

/// <summary>The answer of a service, in either protocol. Immutable.</summary>
/// <param name="Outcome">May the request pass.</param>
public sealed record CheckAnswer(CheckOutcome Outcome)
{
    /// <summary>The service could not be asked.</summary>
    public static CheckAnswer Failed { get; } = new(CheckOutcome.Failed);

    /// <summary>Status for the client; 0: the default (403 of a denial, <c>status_on_error</c> of a failure).</summary>
    public int Status { get; init; }

    /// <summary>Body for the client.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Headers for the client with a reply of our own. They replace ours; several of one name are several lines.</summary>
    public IReadOnlyList<HeaderChange> ReplyHeaders { get; init; } = [];

    /// <summary>Changes to a request that passes, in order.</summary>
    public IReadOnlyList<HeaderChange> RequestHeaders { get; init; } = [];

    /// <summary>Headers to remove from a request that passes, after the changes.</summary>
    public IReadOnlyList<string> RequestHeadersToRemove { get; init; } = [];

    /// <summary>Changes to the response of a request that passes, in order.</summary>
    public IReadOnlyList<HeaderChange> ResponseHeaders { get; init; } = [];

    /// <summary>Query parameters to set on a request that passes, as they stand in the path.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> QueryToSet { get; init; } = [];

    /// <summary>Query parameters to remove from a request that passes.</summary>
    public IReadOnlyList<string> QueryToRemove { get; init; } = [];

    /// <summary>Fields for the dynamic metadata; null: none.</summary>
    public MetadataValue? Metadata { get; init; }

    /// <summary>Whether a request that passes becomes another one, so that its route may be another.</summary>
    public bool ChangesRequest => RequestHeaders.Count + RequestHeadersToRemove.Count + QueryToSet.Count + QueryToRemove.Count > 0;
}
