using Google.Protobuf;

namespace Waypoint.Demo;

/// <summary>One xDS resource of the demo's configuration.</summary>
/// <param name="TypeUrl">Type of the message.</param>
/// <param name="Name">Unique in its type.</param>
/// <param name="Message">The resource.</param>
internal sealed record DemoResource(string TypeUrl, string Name, IMessage Message);
