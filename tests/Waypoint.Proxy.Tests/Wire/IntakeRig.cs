using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Wire;

namespace Waypoint.Proxy.Tests.Wire;

/// <summary>An intake over a pipe, and a reader that takes everything it lets through.</summary>
internal sealed class IntakeRig
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));

    public IntakeRig(Http1Config? config = null, TimeProvider? time = null, TimeSpan headTimeout = default, TimeSpan? idleTimeout = null)
    {
        var manager = new HttpConnectionConfig
        {
            Routes = null,
            Filters = [],
            Http1 = config ?? Http1Config.Default,
            RequestHeadersTimeout = headTimeout,
            IdleTimeout = idleTimeout ?? TimeSpan.FromHours(1),
        };
        Intake = new Http1Intake(_pipe.Reader, () => manager, time ?? TimeProvider.System);
    }

    public Http1Intake Intake { get; }

    public PipeWriter Client => _pipe.Writer;

    /// <summary>What passes of the pieces, with the client's end after the last.</summary>
    public static async Task<(string Passed, WireFault? Fault)> PassAsync(Http1Config? config, params byte[][] pieces)
    {
        var rig = new IntakeRig(config);
        Task<string> passing = rig.ReadToEndAsync();
        foreach (byte[] piece in pieces)
        {
            await rig.Client.WriteAsync(piece);
        }

        await rig.Client.CompleteAsync();
        return (await passing.WaitAsync(TimeSpan.FromSeconds(30)), rig.Intake.Fault);
    }

    /// <summary>As <see cref="PassAsync(Http1Config?, byte[][])"/>, of one text.</summary>
    public static Task<(string Passed, WireFault? Fault)> PassAsync(string text, Http1Config? config = null) => PassAsync(config, Encoding.Latin1.GetBytes(text));

    public async Task<string> ReadToEndAsync()
    {
        var passed = new StringBuilder();
        while (true)
        {
            ReadResult read;
            try
            {
                read = await Intake.ReadAsync();
            }
            catch (WireFaultException)
            {
                return passed.ToString();
            }

            passed.Append(Encoding.Latin1.GetString(read.Buffer.ToArray()));
            Intake.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return passed.ToString();
            }
        }
    }
}
