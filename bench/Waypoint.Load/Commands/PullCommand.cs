using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Waypoint.Load.Clients;

namespace Waypoint.Load.Commands;

/// <summary><c>pull</c>: bulk, down by GET or up by POST. Prints a JSON line.</summary>
internal static class PullCommand
{
    private static readonly Option<long> Upload = new("--upload") { Description = "Sends this many bytes per connection instead." };

    public static Command Create()
    {
        var command = new Command("pull", "One large transfer per connection.") { ClientOptions.To, ClientOptions.Path, ClientOptions.Connections, ClientOptions.TlsCerts, Upload };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken stop)
    {
        string path = parsed.GetRequiredValue(ClientOptions.Path);
        long upload = parsed.GetValue(Upload);
        var client = ClientOptions.Client(parsed);
        var streams = new List<Stream>();
        for (int i = 0; i < parsed.GetValue(ClientOptions.Connections); i++)
            streams.Add(await client.OpenAsync(stop));
        long start = Stopwatch.GetTimestamp();
        long[] bytes = await Task.WhenAll(streams.Select(stream => TransferAsync(stream, path, upload, stop)));
        var span = Stopwatch.GetElapsedTime(start);
        streams.ForEach(static stream => stream.Dispose());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"bytes": {{bytes.Sum()}}, "seconds": {{span.TotalSeconds:F4}}}"""));
    }

    private static async Task<long> TransferAsync(Stream stream, string path, long upload, CancellationToken stop)
    {
        var http = new PlainHttp(stream, ClientOptions.Host);
        if (upload == 0)
            return await http.GetAsync(path, stop);
        await http.PostAsync(path, upload, stop);
        return upload;
    }
}
