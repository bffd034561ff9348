using System.Globalization;
using System.Text;
using Waypoint.Model.Routes;

namespace Waypoint.Model.Hashing;

/// <summary>A cookie that keeps a client at its endpoint from now on.</summary>
/// <param name="Policy">Name, lifetime, path and attributes.</param>
/// <param name="Value">Hexadecimal digits.</param>
public sealed record GeneratedCookie(HashPolicy.Cookie Policy, string Value)
{
    /// <summary>The value of the <c>set-cookie</c> header, in Envoy's order of attributes. A lifetime of zero is a session cookie.</summary>
    public string ToHeader()
    {
        var text = new StringBuilder().Append(Policy.Name).Append("=\"").Append(Value).Append('"');
        if (Policy.Ttl is { } ttl && ttl > TimeSpan.Zero)
            text.Append(CultureInfo.InvariantCulture, $"; Max-Age={(long)ttl.TotalSeconds}");
        if (Policy.Path.Length > 0)
            text.Append("; Path=").Append(Policy.Path);
        foreach (KeyValuePair<string, string> attribute in Policy.Attributes)
        {
            text.Append("; ").Append(attribute.Key);
            if (attribute.Value.Length > 0)
                text.Append('=').Append(attribute.Value);
        }

        return text.Append("; HttpOnly").ToString();
    }
}
