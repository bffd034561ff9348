using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Waypoint.Conformance.Tests.Wire;

/// <summary>A connection over pipes. Unlike the framework's own it survives an abort that races with its disposal.</summary>
internal sealed class PipeConnection(IDuplexPipe transport) : ConnectionContext
{
    public override string ConnectionId { get; set; } = "case";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; } = transport;

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Transport.Input.CancelPendingRead();
        Transport.Output.CancelPendingFlush();
    }
}
