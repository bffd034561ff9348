namespace Waypoint.Hosting;

/// <summary>Settings of the runtime that are part of the design. They have to be in force before the first socket exists.</summary>
internal static class RuntimeSwitches
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Continuations of socket operations run on the thread that waits for events, without a hop through the pool: halves the CPU time per request.
    /// The price is that nothing may block there. An explicit setting of the user stands.</summary>
    public static void Apply()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(InlineCompletions)))
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
    }
}
