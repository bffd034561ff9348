using System.CommandLine;
using System.Globalization;
using Waypoint.Load.Clients;

namespace Waypoint.Load.Commands;

/// <summary><c>pace</c>: a fixed rate. Prints <c>started</c> after the warm-up, so that the measuring side can take its first sample, and a JSON line at the end.</summary>
internal static class PaceCommand
{
    private static readonly Option<int> Rate = new("--rate") { DefaultValueFactory = _ => 500, Description = "Requests per second." };
    private static readonly Option<double> Seconds = new("--seconds") { DefaultValueFactory = _ => 4, Description = "For how long." };
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var command = new Command("pace", "Sends GET requests at a fixed rate, evenly spaced.") { ClientOptions.To, ClientOptions.Path, ClientOptions.Connections, ClientOptions.TlsCerts, Rate, Seconds };
        command.SetAction(Run);
        return command;
    }

    private static void Run(ParseResult parsed)
    {
        var client = ClientOptions.Client(parsed);
        var connections = new List<PlainHttp>();
        for (int i = 0; i < parsed.GetValue(ClientOptions.Connections); i++)
            connections.Add(new PlainHttp(client.Open(), ClientOptions.Host));
        string path = parsed.GetRequiredValue(ClientOptions.Path);
        int rate = parsed.GetValue(Rate);
        new Pacer(path, rate).Run(connections, WarmUp);
        Console.WriteLine("started");
        var pacer = new Pacer(path, rate);
        pacer.Run(connections, TimeSpan.FromSeconds(parsed.GetValue(Seconds)));
        var sorted = pacer.Microseconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $$"""{"requests": {{sorted.Count}}, "late": {{pacer.Late}}, "p50": {{sorted[sorted.Count / 2]:F0}}, "p99": {{sorted[(int)(sorted.Count * 0.99)]:F0}}}"""));
    }
}
