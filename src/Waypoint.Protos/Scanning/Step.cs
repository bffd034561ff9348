namespace Waypoint.Protos.Scanning;

/// <summary>
/// One step down from a message to a child, kept so that a path can be written if something is found. Offsets are into the scanned bytes.
/// </summary>
/// <param name="Field">The field that holds the child.</param>
/// <param name="ParentStart">Where the parent's bytes begin; the index of a repeated field is counted from here.</param>
/// <param name="ChildTag">Where the tag of the child stands.</param>
/// <param name="ChildStart">Where the child's bytes begin.</param>
/// <param name="ChildEnd">Where they end.</param>
internal readonly record struct Step(FieldShape Field, int ParentStart, int ChildTag, int ChildStart, int ChildEnd);
