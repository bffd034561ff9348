using Google.Protobuf;

namespace Waypoint.Xds.Ads;

/// <summary>One resource of a response, still serialised.</summary>
/// <param name="Name">Unique in its type and response (<c>Resource.name</c>).</param>
/// <param name="Version">Content hash for WDS, empty for all other types of istiod (<c>Resource.version</c>).</param>
/// <param name="TypeUrl">Type of <paramref name="Value"/>; always the type of the response.</param>
/// <param name="Value">The serialised message. istiod serialises deterministically: equal bytes mean that nothing changed.</param>
public readonly record struct AdsResource(string Name, string Version, string TypeUrl, ByteString Value);
