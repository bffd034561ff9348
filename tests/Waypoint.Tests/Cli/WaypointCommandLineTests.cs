using Waypoint.Cli;

namespace Waypoint.Tests.Cli;

[Collection("standard error")]
public class WaypointCommandLineTests
{
    [Fact]
    public async Task Run_NothingSaid_NamesEverythingThatIsMissing()
    {
        var (code, error) = await InvokeAsync("run");

        Assert.Equal(WaypointCommandLine.UsageExitCode, code);
        Assert.Contains("--xds-dir is missing", error, StringComparison.Ordinal);
        Assert.Contains("--cert is missing", error, StringComparison.Ordinal);
        Assert.Contains("--key is missing", error, StringComparison.Ordinal);
        Assert.Contains("--ca is missing", error, StringComparison.Ordinal);
        Assert.Contains("--demo", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FolderWithoutRecording_SaysWhatARecordingIs()
    {
        using var folder = new TemporaryFolder();

        var (code, error) = await InvokeAsync("run", "--xds-dir", folder.Path);

        Assert.Equal(WaypointCommandLine.UsageExitCode, code);
        Assert.Contains($"--xds-dir is '{folder.Path}'; accepted: a folder with index.json", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StepThatDoesNotExist_ListsTheSteps()
    {
        using var folder = new TemporaryFolder();
        folder.Write("index.json", "[]");
        var pem = folder.Write("x.pem", "");

        var (code, error) = await InvokeAsync("run", "--xds-dir", folder.Path, "--until", "later", "--cert", pem, "--key", pem, "--ca", pem);

        Assert.Equal(WaypointCommandLine.UsageExitCode, code);
        Assert.Contains("--until is 'later'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CertificateThatIsNone_IsNamed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("index.json", "[]");
        var pem = folder.Write("x.pem", "no certificate");

        var (code, error) = await InvokeAsync("run", "--xds-dir", folder.Path, "--cert", pem, "--key", pem, "--ca", pem);

        Assert.Equal(WaypointCommandLine.UsageExitCode, code);
        Assert.Contains("--cert, --key and --ca", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bind", "127.0.0.1,here", "--bind is 'here'")]
    [InlineData("--listen", "18080", "--listen is '18080'")]
    [InlineData("--log-level", "loud", "--log-level is 'loud'")]
    public async Task Run_ValueThatCannotBe_IsNamed(string option, string value, string said)
    {
        var (code, error) = await InvokeAsync("run", option, value);

        Assert.Equal(WaypointCommandLine.UsageExitCode, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.96.0.11", "--to is '10.96.0.11'")]
    [InlineData("10.96.0.11:http", "--to is '10.96.0.11:http'")]
    public async Task Connect_AddressWithoutPort_IsNamed(string to, string said)
    {
        var (code, error) = await InvokeAsync("connect", "--to", to);

        Assert.Equal(WaypointCommandLine.UsageExitCode, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_NoCredentials_NamesBothWays()
    {
        var (code, error) = await InvokeAsync("connect", "--to", "10.96.0.11:80");

        Assert.Equal(WaypointCommandLine.UsageExitCode, code);
        Assert.Contains("--cert is missing", error, StringComparison.Ordinal);
        Assert.Contains("--dev-ca", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_OtherType_Refused()
    {
        var (code, error) = await InvokeAsync("proxy", "sidecar");

        Assert.Equal(WaypointCommandLine.UsageExitCode, code);
        Assert.Contains("'sidecar'; accepted: waypoint", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Proxy_ArgumentsOfIstiodsTemplateAndUnknownOnes_AreAccepted()
    {
        var parsed = WaypointCommandLine.Create().Parse(
            ["proxy", "waypoint", "--domain", "shop.svc.cluster.local", "--serviceCluster", "waypoint.shop", "--proxyLogLevel", "warning",
             "--proxyComponentLogLevel", "misc:error", "--log_output_level", "default:info", "--outlierLogPath", "/dev/stdout", "--newFlag=1"]);

        Assert.Empty(parsed.Errors);
    }

    private static async Task<(int Code, string Error)> InvokeAsync(params string[] arguments)
    {
        var kept = Console.Error;
        await using var error = new StringWriter();
        Console.SetError(error);
        try
        {
            var code = await WaypointCommandLine.InvokeAsync(arguments).WaitAsync(TimeSpan.FromSeconds(30));
            return (code, error.ToString());
        }
        finally
        {
            Console.SetError(kept);
        }
    }
}
