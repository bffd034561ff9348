using Waypoint.ControlPlane.Ads;

namespace Waypoint.ControlPlane.Recordings;

/// <summary>Plays a recording through a server: its first answers are the state, its steps are pushed one by one. One caller at a time.</summary>
public sealed class RecordingReplay
{
    private readonly AdsServer _server;
    private readonly IReadOnlyList<RecordedStep> _steps;
    private int _next;

    /// <summary>Fills the server with the state before the first step.</summary>
    /// <param name="server">Plays; should hold nothing yet.</param>
    /// <param name="recording">What to play.</param>
    public RecordingReplay(AdsServer server, Recording recording)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(recording);
        _server = server;
        _steps = recording.Steps;
        foreach (var recorded in recording.First)
            server.Apply(recorded.Push);
    }

    /// <summary>Steps still to come, in order.</summary>
    public IEnumerable<string> Remaining => _steps.Skip(_next).Select(step => step.Name);

    /// <summary>Plays the next step; clients that are connected get it live.</summary>
    /// <returns>Its name, or null when none is left.</returns>
    public string? ApplyNext()
    {
        if (_next == _steps.Count)
            return null;
        var step = _steps[_next++];
        foreach (var recorded in step.Pushes)
        {
            // What the client asked for by itself must be there before the push that makes it ask.
            if (recorded.IsAsked)
                _server.Apply(recorded.Push);
        }
        _server.Push([.. step.Pushes.Where(recorded => !recorded.IsAsked).Select(recorded => recorded.Push)]);
        return step.Name;
    }

    /// <summary>Plays all steps up to one.</summary>
    /// <param name="step">The last one to play.</param>
    /// <exception cref="ArgumentException">No such step is left; nothing was played. The message lists what there is.</exception>
    public void ApplyThrough(string step)
    {
        if (!Remaining.Contains(step, StringComparer.Ordinal))
            throw new ArgumentException($"there is no step '{step}'; the recording has {(_steps.Count == 0 ? "none" : string.Join(", ", _steps.Select(s => s.Name)))}", nameof(step));
        while (ApplyNext() is { } played && played != step)
        {
        }
    }
}
