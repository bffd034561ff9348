using System.Runtime.CompilerServices;
using Waypoint.Hosting;

namespace Waypoint.EndToEnd.Tests;

/// <summary>What the program's entry point does first: the data plane under test runs on the socket threads here too.</summary>
internal static class InlineCompletions
{
#pragma warning disable CA2255 // a test project is an application: nobody else begins before the first socket
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void Apply() => RuntimeSwitches.Apply();
}
