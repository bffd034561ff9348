using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tls;
using Waypoint.Load.Shims;

namespace Waypoint.Load.Commands;

/// <summary><c>destination</c>: the ztunnel of the pods.</summary>
internal static class DestinationCommand
{
    private const int HbonePort = 15008;

    private static readonly Option<string> Pods = new("--pods") { Required = true, Description = "Pod addresses to listen on.", HelpName = "IP[,IP]" };

    public static Command Create()
    {
        var command = new Command("destination", "Turns tunnels into TCP connections to the pod they arrived at.") { Pods, CertificateOptions.Certs, CertificateOptions.As };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var options = new HboneListenerOptions { EndPoints = [.. Addresses.ParseList(parsed.GetRequiredValue(Pods)).Select(static pod => new IPEndPoint(pod, HbonePort))] };
        var identities = new TlsIdentitySource(CertificateOptions.Read(parsed));
        await using var listener = new HboneListener(options, identities, new DestinationShim(), TimeProvider.System, NullLoggerFactory.Instance);
        listener.Start();
        Console.WriteLine("ready");
        await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
