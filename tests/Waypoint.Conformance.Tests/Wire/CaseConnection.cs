using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Waypoint.Conformance.Tests.Wire;

/// <summary>A connection over pipes. The framework's own one cancels on a pool thread what it has already disposed of, when a connection is aborted and ends at once.</summary>
internal sealed class CaseConnection : DefaultConnectionContext
{
    private readonly CancellationTokenSource _gone = new();

    public CaseConnection(IDuplexPipe transport, IDuplexPipe application)
        : base("case", transport, application) => ConnectionClosed = _gone.Token;

    public override void Abort(ConnectionAbortedException abortReason) => _ = _gone.CancelAsync();
}
