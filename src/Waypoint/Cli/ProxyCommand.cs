using System.CommandLine;
using Waypoint.Agent;
using Waypoint.Hosting;
using Waypoint.Logging;
using Waypoint.Options;

namespace Waypoint.Cli;

/// <summary><c>waypoint proxy waypoint ...</c>: the container's way in. Takes the arguments of istiod's pod template; what it does not know it names and ignores,
/// because a newer template must not keep the pod from starting.</summary>
internal static class ProxyCommand
{
    private static readonly Argument<string> NodeType = new("type")
    {
        Description = "Kind of proxy: waypoint.",
        DefaultValueFactory = _ => "waypoint",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Domain = new("--domain") { Description = "DNS suffix of the namespace, last part of the node id. Default: NAMESPACE.svc.cluster.local.", HelpName = "SUFFIX" };
    private static readonly Option<string?> ServiceCluster = new("--serviceCluster") { Description = "Accepted and ignored, as by the stock proxy: the name comes from ProxyConfig, labels or the workload.", HelpName = "NAME" };
    private static readonly Option<string> ProxyLogLevel = new("--proxyLogLevel") { Description = "Log level of the data path, also LEVEL,SCOPE:LEVEL,...", HelpName = "LEVELS", DefaultValueFactory = _ => "warning" };
    private static readonly Option<string> ProxyComponentLogLevel = new("--proxyComponentLogLevel") { Description = "Log levels of parts of the data path, SCOPE:LEVEL,...", HelpName = "LEVELS", DefaultValueFactory = _ => "" };
    private static readonly Option<string> LogOutputLevel = new("--log_output_level") { Description = "Log level of everything else, SCOPE:LEVEL,... with scope default for all.", HelpName = "LEVELS", DefaultValueFactory = _ => "default:info" };
    private static readonly Option<bool> LogAsJson = new("--log_as_json") { Description = "Log lines as JSON objects." };
    private static readonly Option<int?> Concurrency = new("--concurrency") { Description = "Accepted and ignored: the runtime follows the container's CPU limit.", HelpName = "N" };

    public static Command Create()
    {
        var command = new Command("proxy", "Runs as the container that istiod deploys for a Gateway of class istio-waypoint; the environment is the container's (docs/options.md).")
        {
            NodeType, Domain, ServiceCluster, ProxyLogLevel, ProxyComponentLogLevel, LogOutputLevel, LogAsJson, Concurrency,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var type = parsed.GetValue(NodeType)!;
        if (type != "waypoint")
            throw new OptionProblemException("argument type of 'waypoint proxy'", type, "waypoint", "This program replaces the proxy of a waypoint only, not of sidecars or gateways.");
        var levels = new LogLevels()
            .WithDataPath(parsed.GetValue(ProxyLogLevel)!, ProxyLogLevel.Name)
            .WithDataPath(parsed.GetValue(ProxyComponentLogLevel)!, ProxyComponentLogLevel.Name)
            .WithAgent(parsed.GetValue(LogOutputLevel)!, LogOutputLevel.Name);
        return await ContainerSession.RunAsync(new ContainerSettings
        {
            Environment = ContainerEnvironment.OfProcess(),
            NodeType = type,
            Domain = parsed.GetValue(Domain),
            Levels = levels,
            JsonLog = parsed.GetValue(LogAsJson),
            UnknownArguments = parsed.UnmatchedTokens,
        });
    }
}
