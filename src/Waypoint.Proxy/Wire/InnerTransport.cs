using System.IO.Pipelines;

namespace Waypoint.Proxy.Wire;

/// <summary>The two ends that the inner server gets of a tunnel.</summary>
internal sealed class InnerTransport(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;
}
