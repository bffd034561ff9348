using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>The keys of a provider at this moment. The default value: they have to be fetched first.</summary>
public readonly struct KeySetAnswer
{
    private KeySetAnswer(KeySet? keys, JwtStatus failure)
    {
        Keys = keys;
        Failure = failure;
    }

    /// <summary>The keys; null if there are none.</summary>
    public KeySet? Keys { get; }

    /// <summary>Why there are none; <see cref="JwtStatus.Ok"/> otherwise.</summary>
    public JwtStatus Failure { get; }

    /// <summary>True while it is open whether there are any.</summary>
    public bool IsPending => Keys is null && Failure == JwtStatus.Ok;

    /// <summary>Keys, or the status of a set that has none.</summary>
    public static KeySetAnswer Of(KeySet keys) => keys.Status == JwtStatus.Ok ? new(keys, JwtStatus.Ok) : Failed(keys.Status);

    /// <summary>There are no keys.</summary>
    public static KeySetAnswer Failed(JwtStatus failure) => new(null, failure);
}
