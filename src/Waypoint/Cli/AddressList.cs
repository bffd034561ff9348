using System.CommandLine.Parsing;
using System.Net;

namespace Waypoint.Cli;

/// <summary>Values of options that are addresses.</summary>
internal static class AddressList
{
    /// <summary><c>IP[,IP...]</c>.</summary>
    public static IReadOnlyList<IPAddress> ParseAddresses(ArgumentResult result)
    {
        var found = new List<IPAddress>();
        foreach (var part in result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (IPAddress.TryParse(part, out var address))
                found.Add(address);
            else
                result.AddError($"{OptionName(result)} is '{part}'; accepted: IP addresses separated by commas, such as 127.0.0.1 or 10.0.0.5,fd00::5.");
        }
        return found;
    }

    /// <summary><c>IP</c>.</summary>
    public static IPAddress? ParseAddress(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (IPAddress.TryParse(text, out var address))
            return address;
        result.AddError($"{OptionName(result)} is '{text}'; accepted: an IP address such as 10.0.0.5 or fd00::5.");
        return null;
    }

    /// <summary><c>IP:PORT</c>.</summary>
    public static IPEndPoint ParseEndPoint(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (IPEndPoint.TryParse(text, out var endPoint) && endPoint.Port is > 0 and <= 65535)
            return endPoint;
        result.AddError($"{OptionName(result)} is '{text}'; accepted: IP:PORT such as 127.0.0.1:15008, or [IPV6]:PORT.");
        return new IPEndPoint(IPAddress.Loopback, 0);
    }

    private static string OptionName(ArgumentResult result) => result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
}
