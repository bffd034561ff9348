using System.Collections;
using System.Globalization;
using System.Net;
using Waypoint.Options;

namespace Waypoint.Agent;

/// <summary>What the container finds at its start: environment variables and mounted files. Reads are by <see cref="EnvironmentVariable"/> only,
/// so that nothing is read that the documentation does not list.</summary>
internal sealed class ContainerEnvironment
{
    private readonly IReadOnlyDictionary<string, string> _variables;

    public ContainerEnvironment(IReadOnlyDictionary<string, string> variables)
    {
        _variables = variables;
        Root = Text(EnvironmentTable.RootDirectory) ?? "/";
    }

    /// <summary>What stands for <c>/</c> of the container.</summary>
    public string Root { get; }

    /// <summary>The projected ServiceAccount token with audience <c>istio-ca</c>.</summary>
    public string TokenPath => Below("var/run/secrets/tokens/istio-token");

    /// <summary>Revoked certificates of the mesh's authorities, if an overlay mounts them; istiod's template does not.</summary>
    public string RevocationListPath => Below("var/run/secrets/istio/crl/ca-crl.pem");

    /// <summary>Labels of the pod from the downward API.</summary>
    public string LabelsPath => Below("etc/istio/pod/labels");

    /// <summary>Annotations of the pod from the downward API.</summary>
    public string AnnotationsPath => Below("etc/istio/pod/annotations");

    /// <summary>Of this process.</summary>
    public static ContainerEnvironment OfProcess()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        return new ContainerEnvironment(variables);
    }

    /// <summary>The value, or null when it is not set or empty.</summary>
    public string? Text(EnvironmentVariable variable) => _variables.GetValueOrDefault(variable.Name) is { Length: > 0 } value ? value : null;

    /// <summary>The variables of a family (<c>ISTIO_META_*</c>) by the part of their name after the prefix, sorted.</summary>
    public IEnumerable<KeyValuePair<string, string>> Family(EnvironmentVariable family)
    {
        var prefix = family.Name.TrimEnd('*');
        return _variables.Where(v => v.Key.Length > prefix.Length && v.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(v => KeyValuePair.Create(v.Key[prefix.Length..], v.Value)).OrderBy(v => v.Key, StringComparer.Ordinal);
    }

    /// <summary>A duration; <paramref name="fallback"/> when it is not set.</summary>
    public TimeSpan Duration(EnvironmentVariable variable, TimeSpan fallback)
    {
        if (Text(variable) is not { } text)
            return fallback;
        return GoDuration.TryParse(text, out var value) ? value : throw new OptionProblemException(variable.Name, text, GoDuration.Accepted);
    }

    /// <summary>A number in a range; <paramref name="fallback"/> when it is not set.</summary>
    public double Number(EnvironmentVariable variable, double fallback, double least, double most)
    {
        if (Text(variable) is not { } text)
            return fallback;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        throw new OptionProblemException(variable.Name, text, variable.Accepted);
    }

    /// <summary>"true" or "1"; false when it is not set.</summary>
    public bool Flag(EnvironmentVariable variable) => Text(variable) is "true" or "1" or "True" or "TRUE";

    /// <summary>IP addresses separated by commas; empty when it is not set.</summary>
    public IReadOnlyList<IPAddress> Addresses(EnvironmentVariable variable)
    {
        var found = new List<IPAddress>();
        foreach (var part in (Text(variable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            found.Add(IPAddress.TryParse(part, out var address) ? address : throw new OptionProblemException(variable.Name, part, variable.Accepted));
        return found;
    }

    /// <summary>Addresses with ports separated by commas; empty when it is not set.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints(EnvironmentVariable variable)
    {
        var found = new List<IPEndPoint>();
        foreach (var part in (Text(variable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            found.Add(IPEndPoint.TryParse(part, out var endPoint) && endPoint.Port > 0 ? endPoint : throw new OptionProblemException(variable.Name, part, variable.Accepted));
        return found;
    }

    /// <summary>Pairs <c>NAME=VALUE</c> separated by commas; empty when it is not set.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(EnvironmentVariable variable)
    {
        var found = new List<KeyValuePair<string, string>>();
        foreach (var part in (Text(variable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == part.Length - 1)
                throw new OptionProblemException(variable.Name, part, variable.Accepted);
            found.Add(KeyValuePair.Create(part[..equals], part[(equals + 1)..]));
        }
        return found;
    }

    /// <summary>The root certificate file for istiod, or <c>SYSTEM</c>: the variable, files of the <c>custom</c> provider, the mounted ConfigMap.</summary>
    public string RootCertificatePath(EnvironmentVariable variable)
    {
        if (Text(variable) is { } named)
            return named;
        var custom = Below("etc/certs/root-cert.pem");
        if (File.Exists(custom) && (variable == EnvironmentTable.XdsRootCa || Text(EnvironmentTable.CertProvider) == "custom"))
            return custom;
        return Below("var/run/secrets/istio/root-cert.pem");
    }

    private string Below(string path) => Path.Combine(Root, path);
}
