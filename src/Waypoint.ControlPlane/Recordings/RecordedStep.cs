namespace Waypoint.ControlPlane.Recordings;

/// <summary>What istiod sent after one change of its objects.</summary>
/// <param name="Name">Name of the change.</param>
/// <param name="Pushes">In the order of arrival.</param>
public sealed record RecordedStep(string Name, IReadOnlyList<RecordedPush> Pushes);
