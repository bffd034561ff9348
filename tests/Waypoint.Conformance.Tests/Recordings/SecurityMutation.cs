using Google.Protobuf;

namespace Waypoint.Conformance.Tests.Recordings;

/// <summary>One change of a security part.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Text">Where and what, for messages.</param>
/// <param name="Make">The changed message; each call makes it anew.</param>
internal sealed record SecurityMutation(SecurityMutationKind Kind, string Text, Func<ByteString> Make);
