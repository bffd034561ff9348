namespace Waypoint.Options;

/// <summary>One environment variable that the program reads. Every variable is a member of <see cref="EnvironmentTable"/>: one that is not there is not read.</summary>
/// <param name="Name">Its name; ends in <c>*</c> for a family that shares a prefix.</param>
/// <param name="Default">What holds when it is not set or empty, as text for the documentation.</param>
/// <param name="Accepted">Range, unit or form.</param>
/// <param name="Meaning">What it changes, in one sentence.</param>
internal sealed record EnvironmentVariable(string Name, string Default, string Accepted, string Meaning);
