namespace Waypoint.Hbone.Connections;

/// <summary>Puts off the flushes that happen while a read loop handles what it has read, so that many answers, also of other connections, leave in one write each.</summary>
internal static class FlushBatch
{
    [ThreadStatic]
    private static List<OutputBuffer>? t_outputs;

    [ThreadStatic]
    private static int t_depth;

    /// <summary>Begins a batch on this thread. Every call is paired with <see cref="Exit"/> on the same thread, without an await in between.</summary>
    public static void Enter() => t_depth++;

    /// <summary>Takes note of a flush if this thread is in a batch.</summary>
    public static bool TryAdd(OutputBuffer output)
    {
        if (t_depth == 0)
            return false;
        (t_outputs ??= []).Add(output);
        return true;
    }

    /// <summary>Ends the batch and flushes.</summary>
    public static void Exit()
    {
        if (t_depth > 1)
        {
            t_depth--;
            return;
        }
        List<OutputBuffer>? outputs = t_outputs;
        if (outputs is null)
        {
            t_depth = 0;
            return;
        }
        try
        {
            // Still in the batch: what a flush sets in motion joins the end of the list.
            for (int i = 0; i < outputs.Count; i++)
                outputs[i].Flush();
        }
        finally
        {
            outputs.Clear();
            t_depth = 0;
        }
    }
}
