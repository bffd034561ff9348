using System.CommandLine;
using System.Net;
using Waypoint.Agent;
using Waypoint.Model.Identity;
using Waypoint.Model.Matching;
using Waypoint.Offline;
using Waypoint.Options;

namespace Waypoint.Cli;

/// <summary><c>waypoint authz check</c>: would this request pass, and which policy says so. No proxy runs and nothing is sent.</summary>
internal static class AuthzCommand
{
    /// <summary>Exit code of a request that is denied.</summary>
    public const int DeniedExitCode = 1;

    /// <summary>Exit code of a request about which an authorization service is asked.</summary>
    public const int AskedExitCode = 3;

    private const string TextOutput = "text";
    private const string JsonOutput = "json";

    private static readonly Option<string> XdsDir = new("--xds-dir") { Description = "Recording of istiod's answers with the configuration.", HelpName = "DIR", Required = true };
    private static readonly Option<string?> Until = new("--until") { Description = "Last update step of the recording to apply. Default: none.", HelpName = "STEP" };
    private static readonly Option<string> Destination = new("--destination") { Description = "Where to: the VIP and port of the service, or its host and port.", HelpName = "IP:PORT|HOST:PORT", Required = true };
    private static readonly Option<string?> Principal = new("--principal") { Description = "Identity of the client. Default: none.", HelpName = "SPIFFE" };
    private static readonly Option<IPAddress?> SourceIp = new("--source-ip") { Description = "Address of the client pod. Default: none, so that no address block fits.", HelpName = "IP", CustomParser = AddressList.ParseAddress };
    private static readonly Option<bool> Tcp = new("--tcp") { Description = "The connection carries something else than HTTP." };
    private static readonly Option<string> Method = new("--method") { Description = "Request method.", HelpName = "METHOD", DefaultValueFactory = _ => "GET" };
    private static readonly Option<string?> Host = new("--host") { Description = "Host or :authority. Default: the host of --destination.", HelpName = "HOST" };
    private static readonly Option<string> Path = new("--path") { Description = "Path with query, as the client sends it.", HelpName = "PATH", DefaultValueFactory = _ => "/" };
    private static readonly Option<string[]> Header = new("--header") { Description = "A header line; may be given several times.", HelpName = "NAME: VALUE" };
    private static readonly Option<string?> Claims = new("--claims") { Description = "Claims of a token that was found good. Default: no token.", HelpName = "JSON" };
    private static readonly Option<string> Output = new("--output") { Description = "text or json.", HelpName = "FORMAT", DefaultValueFactory = _ => TextOutput };

    public static Command Create()
    {
        var check = new Command(
            "check",
            $"Says whether a request would pass the policies of a configuration, and which predicate of which policy decides. Exit code: 0 allowed, {DeniedExitCode} denied, "
            + $"{WaypointCommandLine.UsageExitCode} input that cannot be used, {AskedExitCode} an authorization service would be asked.")
        {
            XdsDir, Until, Destination, Principal, SourceIp, Tcp, Method, Host, Path, Header, Claims, Output,
        };
        check.SetAction(Run);
        return new Command("authz", "Explains authorization.") { check };
    }

    private static int Run(ParseResult parsed)
    {
        var problems = new List<OptionProblem>();
        AuthorizationQuestion question = Question(parsed, problems);
        var output = parsed.GetValue(Output)!;
        if (output is not (TextOutput or JsonOutput))
            problems.Add(new OptionProblem(Output.Name, output, $"{TextOutput}, {JsonOutput}", ""));
        if (problems.Count > 0)
            throw new OptionProblemException(problems);
        var configuration = RecordedConfiguration.Load(parsed.GetValue(XdsDir)!, parsed.GetValue(Until));
        if (configuration.Snapshot is not { } snapshot)
            throw new OptionProblemException(XdsDir.Name, parsed.GetValue(XdsDir), "a recording with clusters and listeners", string.Join(" ", configuration.Refusals));
        foreach (var refusal in configuration.Refusals)
            Console.Error.WriteLine($"waypoint: refused in the configuration: {refusal}");
        var answer = new AuthorizationCheck(snapshot, question).Run();
        parsed.InvocationConfiguration.Output.Write(output == JsonOutput ? AuthorizationReport.ToJson(answer) : AuthorizationReport.ToText(answer));
        return answer.Outcome switch
        {
            AuthorizationOutcome.Allowed => 0,
            AuthorizationOutcome.Asked => AskedExitCode,
            _ => DeniedExitCode,
        };
    }

    private static AuthorizationQuestion Question(ParseResult parsed, List<OptionProblem> problems)
    {
        var to = parsed.GetValue(Destination)!;
        if (!HostAndPort.TryParse(to, out var destination))
            problems.Add(new OptionProblem(Destination.Name, to, HostAndPort.Accepted, "Such as 10.96.0.11:80 or catalog.shop.svc.cluster.local:80."));
        var principal = parsed.GetValue(Principal);
        if (principal is not null && !SpiffeId.TryParse(principal, out _))
            problems.Add(new OptionProblem(Principal.Name, principal, "spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT", ""));
        var path = parsed.GetValue(Path)!;
        if (path.Length == 0 || (path[0] != '/' && path != "*"))
            problems.Add(new OptionProblem(Path.Name, path, "a path that begins with a slash", ""));
        var isAddress = IPAddress.TryParse(destination.Host, out var address);
        return new AuthorizationQuestion
        {
            Destination = address,
            Service = isAddress ? null : destination.Host,
            Port = destination.Port,
            Principal = principal,
            Source = parsed.GetValue(SourceIp),
            IsTcp = parsed.GetValue(Tcp),
            Method = parsed.GetValue(Method)!,
            Host = parsed.GetValue(Host) ?? destination.Host,
            Path = path,
            Headers = Headers(parsed, problems),
            Claims = ClaimsOf(parsed, problems),
        };
    }

    private static List<KeyValuePair<string, string>> Headers(ParseResult parsed, List<OptionProblem> problems)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var line in parsed.GetValue(Header) ?? [])
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                problems.Add(new OptionProblem(Header.Name, line, "NAME: VALUE", ""));
                continue;
            }

            // Header tables are asked in lower case.
#pragma warning disable CA1308
            headers.Add(new(line[..colon].Trim().ToLowerInvariant(), line[(colon + 1)..].Trim()));
#pragma warning restore CA1308
        }

        return headers;
    }

    private static MetadataValue? ClaimsOf(ParseResult parsed, List<OptionProblem> problems)
    {
        if (parsed.GetValue(Claims) is not { } text)
            return null;
        var claims = ClaimsText.Parse(text, out var problem);
        if (claims is null)
            problems.Add(new OptionProblem(Claims.Name, text, "a JSON object", problem));
        return claims;
    }
}
