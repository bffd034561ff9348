using System.CommandLine;
using System.Net;
using Waypoint.Hosting;
using Waypoint.Logging;
using Waypoint.Options;

namespace Waypoint.Cli;

/// <summary><c>waypoint run</c>: without a cluster, from a recording of istiod's answers or as a demo.</summary>
internal static class RunCommand
{
    private const string RecordingAdvice = "A recording is a folder with index.json and one file per response of istiod.";

    private static readonly Option<bool> Demo = new("--demo") { Description = "A small mesh in this process: development CA, two versions of a service, waypoint, and a local port for curl." };
    private static readonly Option<string?> XdsDir = new("--xds-dir") { Description = "Recording of istiod's answers to replay through the ADS client.", HelpName = "DIR" };
    private static readonly Option<string?> Until = new("--until") { Description = "Last update step of the recording to apply. Default: none.", HelpName = "STEP" };
    private static readonly Option<IReadOnlyList<IPAddress>> Bind = new("--bind") { Description = "Addresses for port 15008. Default: all, with --demo 127.0.0.1.", HelpName = "IP[,IP]", CustomParser = AddressList.ParseAddresses };
    private static readonly Option<string?> Cert = new("--cert") { Description = "Certificate chain of the waypoint, PEM.", HelpName = "FILE" };
    private static readonly Option<string?> Key = new("--key") { Description = "Private key of the certificate, PEM.", HelpName = "FILE" };
    private static readonly Option<string?> Ca = new("--ca") { Description = "Trust bundle for peers, PEM.", HelpName = "FILE" };
    private static readonly Option<IPEndPoint> Listen = new("--listen") { Description = "With --demo: the local port for curl.", HelpName = "IP:PORT", CustomParser = AddressList.ParseEndPoint, DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 18080) };
    private static readonly Option<string> LogLevel = new("--log-level") { Description = "LEVEL or SCOPE:LEVEL, separated by commas.", HelpName = "LEVELS", DefaultValueFactory = _ => "info" };

    public static Command Create()
    {
        var command = new Command("run", "Runs the waypoint without a cluster: --demo, or --xds-dir with --cert, --key and --ca.")
        {
            Demo, XdsDir, Until, Bind, Cert, Key, Ca, Listen, LogLevel,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static Task<int> RunAsync(ParseResult parsed)
    {
        var levels = new LogLevels().WithAgent(parsed.GetValue(LogLevel)!, LogLevel.Name);
        var bind = parsed.GetValue(Bind) ?? [];
        if (parsed.GetValue(Demo))
        {
            if (parsed.GetValue(XdsDir) is { } both)
                throw new OptionProblemException("--xds-dir", both, "no --xds-dir beside --demo", "The demo brings its own configuration; leave one of the two out.");
            return DemoSession.RunAsync(new DemoSettings
            {
                Hbone = new IPEndPoint(bind.Count > 0 ? bind[0] : IPAddress.Loopback, HostAddresses.HbonePort),
                Listen = parsed.GetValue(Listen)!,
                ControlPlane = new IPEndPoint(IPAddress.Loopback, HostAddresses.DemoControlPlanePort),
            }, levels);
        }
        return ReplaySession.RunAsync(Replay(parsed, bind), levels);
    }

    private static ReplaySettings Replay(ParseResult parsed, IReadOnlyList<IPAddress> bind)
    {
        var problems = new List<OptionProblem>();
        var folder = parsed.GetValue(XdsDir);
        if (folder is null)
            problems.Add(new OptionProblem("--xds-dir", null, "a folder", "Use --demo to run without a recording."));
        else if (!File.Exists(Path.Combine(folder, "index.json")))
            problems.Add(new OptionProblem("--xds-dir", folder, "a folder with index.json", RecordingAdvice));
        var cert = RequiredFile(parsed, Cert, problems);
        var key = RequiredFile(parsed, Key, problems);
        var ca = RequiredFile(parsed, Ca, problems);
        if (problems.Count > 0)
            throw new OptionProblemException(problems);
        return new ReplaySettings { Folder = folder!, Until = parsed.GetValue(Until), Bind = bind, CertificateFile = cert, KeyFile = key, RootsFile = ca };
    }

    private static string RequiredFile(ParseResult parsed, Option<string?> option, List<OptionProblem> problems)
    {
        var path = parsed.GetValue(option);
        if (path is null || !File.Exists(path))
            problems.Add(new OptionProblem(option.Name, path, "a file in PEM form", path is null ? "" : "There is no such file."));
        return path ?? "";
    }
}
