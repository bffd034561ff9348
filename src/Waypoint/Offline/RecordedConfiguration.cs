using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.ControlPlane.Ads;
using Waypoint.ControlPlane.Recordings;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Snapshots;
using Waypoint.Options;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Snapshots;
using Waypoint.Xds.Store;

namespace Waypoint.Offline;

/// <summary>What a recording of istiod's answers configures, without a proxy: the same decoders and the same snapshot as in one that runs.</summary>
internal sealed class RecordedConfiguration : ISnapshotSink, IAdsSubscriptions
{
    private readonly List<string> _refusals = [];

    private RecordedConfiguration()
    {
    }

    /// <summary>The snapshot after the last response.</summary>
    public ProxySnapshot? Snapshot { get; private set; }

    /// <summary>What was refused on the way, as a NACK would say it.</summary>
    public IReadOnlyList<string> Refusals => _refusals;

    /// <summary>Takes the first answers of a recording and its steps up to one.</summary>
    /// <param name="folder">The recording.</param>
    /// <param name="until">The last step to take; null: none.</param>
    /// <exception cref="OptionProblemException">There is no such recording or step.</exception>
    public static RecordedConfiguration Load(string folder, string? until)
    {
        Recording recording = Read(folder);
        var steps = recording.Steps.Select(static step => step.Name).ToList();
        if (until is not null && !steps.Contains(until))
            throw new OptionProblemException("--until", until, "a step of the recording", $"It has {(steps.Count == 0 ? "none" : string.Join(", ", steps))}.");
        var loaded = new RecordedConfiguration();
        using var session = new ConfigurationSession(loaded, new WorkloadStore(), TimeProvider.System, NullLogger<ConfigurationSession>.Instance);
        foreach (var push in recording.First.Concat(recording.Steps.Take(until is null ? 0 : steps.IndexOf(until) + 1).SelectMany(static step => step.Pushes)))
            loaded.Apply(session, push.Push);
        return loaded;
    }

    /// <inheritdoc/>
    public void Publish(ProxySnapshot snapshot) => Snapshot = snapshot;

    /// <inheritdoc/>
    public void PublishEndpoints(string clusterName, ClusterEndpoints endpoints)
    {
    }

    /// <inheritdoc/>
    public void SetNames(string typeUrl, IReadOnlyCollection<string> names)
    {
    }

    /// <inheritdoc/>
    public void Add(string typeUrl, IReadOnlyCollection<string> names)
    {
    }

    /// <inheritdoc/>
    public void Remove(string typeUrl, IReadOnlyCollection<string> names)
    {
    }

    private static Recording Read(string folder)
    {
        try
        {
            return Recording.Load(folder);
        }
        catch (InvalidDataException error)
        {
            throw new OptionProblemException("--xds-dir", folder, "a folder with a recording of istiod's responses", error.Message);
        }
    }

    private void Apply(ConfigurationSession session, AdsPush push)
    {
        var response = new AdsResponse(
            push.TypeUrl, "", [.. push.Resources.Select(static r => new AdsResource(r.Name, r.Version, r.Resource_.TypeUrl, r.Resource_.Value))], [.. push.Removed]);
        // Nothing in the session waits: it answers at once.
        AdsVerdict verdict = session.ApplyAsync(response, this, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (!verdict.IsAck)
            _refusals.Add(verdict.Message ?? "refused");
    }
}
