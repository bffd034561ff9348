using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Waypoint.Proxy.Wire;

namespace Waypoint.Proxy.Tests.Wire;

/// <summary>Requests and responses with random damage. Seed and count can be set by WAYPOINT_FUZZ_SEED and WAYPOINT_FUZZ_RUNS.</summary>
public sealed partial class WireFuzzTests
{
    private static readonly string[] Pieces =
    [
        "GET / HTTP/1.1\r\n", "POST /a HTTP/1.1\r\n", "Host: a\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Connection: upgrade\r\n", "Upgrade: websocket\r\n", "foo: bar\r\n", "\r\n",
        "5\r\nhello\r\n", "0\r\n", "hello", "\n", "\r", " ", "\t", "\0", ":", ";x=y", "http://b/", "HTTP/1.0", "x: y\r\n z\r\n", "Expect: 100-continue\r\n", "CONNECT a:1 HTTP/1.1\r\n",
    ];

    [Fact]
    public async Task Intake_RandomRequests_WhatPassesIsCleanAndPassesAgainUnchanged()
    {
        Random random = Seeded(out int runs);
        for (int run = 0; run < runs; run++)
        {
            byte[] bytes = Compose(random);
            int cut = random.Next(bytes.Length + 1);
            (string passed, WireFault? fault) = await IntakeRig.PassAsync(null, bytes[..cut], bytes[cut..]);
            (string whole, WireFault? wholeFault) = await IntakeRig.PassAsync(null, bytes);
            // Where the bytes are cut must not decide whether they are good.
            Assert.Equal(wholeFault is null, fault is null);
            if (fault is not null)
                continue;
            Assert.Equal(whole, passed);
            (string again, WireFault? second) = await IntakeRig.PassAsync(passed);
            Assert.True(second is null && again == passed, $"run {run}: {Convert.ToHexString(bytes)}");
        }
    }

    [Fact]
    public void ResponseStream_RandomResponses_NothingBeyondTheEndOfTheAnswer()
    {
        Random random = Seeded(out int runs);
        for (int run = 0; run < runs; run++)
        {
            string interim = random.Next(3) == 0 ? "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" : "";
            byte[] bytes = Encoding.Latin1.GetBytes(interim + "HTTP/1.1 200 OK\r\n" + Encoding.Latin1.GetString(Compose(random)));
            string whole = UpstreamRig.Pass("GET / HTTP/1.1\r\nHost: a\r\n\r\n", [bytes], out bool wholeFailed);
            int cut = random.Next(bytes.Length + 1);
            string passed = UpstreamRig.Pass("GET / HTTP/1.1\r\nHost: a\r\n\r\n", [bytes[..cut], bytes[cut..]], out bool failed);
            Assert.Equal(wholeFailed, failed);
            // A head that came in pieces is written anew, with one space before each value and none behind; whole and clean it passes as it is.
            if (!failed)
                Assert.Equal(Canonical(whole), Canonical(passed));
        }
    }

    private static string Canonical(string text) => SpaceAtEnd().Replace(OneSpace().Replace(text, ": "), "\r\n");

    [GeneratedRegex("[ \t]+\r\n")]
    private static partial Regex SpaceAtEnd();

    [GeneratedRegex(":[ \t]*")]
    private static partial Regex OneSpace();

    private static Random Seeded(out int runs)
    {
        runs = int.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_FUZZ_RUNS"), CultureInfo.InvariantCulture, out int set) ? set : 2000;
        return new Random(int.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_FUZZ_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : 20261);
    }

    private static byte[] Compose(Random random)
    {
        var text = new StringBuilder(random.Next(4) == 0 ? "" : "POST / HTTP/1.1\r\nHost: a\r\n");
        for (int i = random.Next(12); i >= 0; i--)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        text.Append("\r\n");
        byte[] bytes = Encoding.Latin1.GetBytes(text.ToString());
        if (random.Next(3) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }
}
