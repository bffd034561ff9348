using System.CommandLine;
using System.Net;
using Waypoint.Load.Mesh;

namespace Waypoint.Load.Commands;

/// <summary><c>make-config</c>: certificates, and what istiod would send for the mesh under load.</summary>
internal static class MakeConfigCommand
{
    private static readonly Option<string> Out = new("--out") { Required = true, Description = "Folder; gets certs/ and xds/.", HelpName = "DIR" };
    private static readonly Option<string> Waypoint = new("--waypoint") { Required = true, Description = "Address of the waypoint.", HelpName = "IP" };
    private static readonly Option<string> Pods = new("--pods") { Required = true, Description = "Addresses of the pods.", HelpName = "IP[,IP]" };
    private static readonly Option<int> Services = new("--services") { DefaultValueFactory = _ => 1, Description = "Services in the mesh, 1-10000; only the first is driven." };
    private static readonly Option<int> PortCount = new("--ports") { DefaultValueFactory = _ => MeshShape.Ports.Count, Description = "Ports per service: HTTP/1.1, HTTP/2, bytes." };
    private static readonly Option<int> Endpoints = new("--endpoints") { DefaultValueFactory = _ => 1, Description = "Endpoints of the services that are not driven, 1-100." };
    private static readonly Option<int> Routes = new("--routes") { DefaultValueFactory = _ => 1, Description = "Routes per HTTP port; the last one matches." };
    private static readonly Option<int> Policies = new("--policies") { DefaultValueFactory = _ => 0, Description = "ALLOW policies per HTTP port; the last one admits the client." };
    private static readonly Option<bool> Telemetry = new("--telemetry") { Description = "With istiod's filters for metrics and peer metadata." };
    private static readonly Option<string> Keys = new Option<string>("--keys") { DefaultValueFactory = _ => "rsa", Description = "Keys of the certificates." }.AcceptOnlyFromAmong("rsa", "ecdsa");

    public static Command Create()
    {
        var command = new Command("make-config", "Writes certificates and a recording of istiod's form.") { Out, Waypoint, Pods, Services, PortCount, Endpoints, Routes, Policies, Telemetry, Keys };
        command.SetAction(static parsed =>
        {
            var mesh = new MeshShape
            {
                Waypoint = IPAddress.Parse(parsed.GetRequiredValue(Waypoint)),
                Pods = Addresses.ParseList(parsed.GetRequiredValue(Pods)),
                Services = Math.Clamp(parsed.GetValue(Services), 1, 10_000),
                UsedPorts = [.. MeshShape.Ports.Take(Math.Max(parsed.GetValue(PortCount), 1))],
                EndpointsOfOthers = Math.Clamp(parsed.GetValue(Endpoints), 1, 100),
                Routes = Math.Max(parsed.GetValue(Routes), 1),
                Policies = parsed.GetValue(Policies),
                Telemetry = parsed.GetValue(Telemetry),
            };
            string folder = parsed.GetRequiredValue(Out);
            new RecordingWriter(Path.Combine(folder, "xds")).Write(mesh);
            using var authority = new LoadAuthority(Path.Combine(folder, "certs"), parsed.GetRequiredValue(Keys));
            foreach (string account in (string[])["waypoint", "client", "app", "proxy"])
                authority.Issue(account);
        });
        return command;
    }
}
