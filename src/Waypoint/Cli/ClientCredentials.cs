using Waypoint.Options;

namespace Waypoint.Cli;

/// <summary>What a client of the waypoint presents and trusts.</summary>
/// <param name="CertificatePem">Chain, PEM.</param>
/// <param name="KeyPem">Private key, PEM.</param>
/// <param name="RootsPem">Trust bundle, PEM.</param>
internal sealed record ClientCredentials(string CertificatePem, string KeyPem, string RootsPem)
{
    /// <exception cref="OptionProblemException">A file is missing; all of them are named.</exception>
    public static ClientCredentials FromFiles(params ReadOnlySpan<(string Option, string? Path)> files)
    {
        var problems = new List<OptionProblem>();
        var texts = new string[3];
        for (var i = 0; i < files.Length; i++)
        {
            var (option, path) = files[i];
            if (path is null || !File.Exists(path))
                problems.Add(new OptionProblem(option, path, "a file in PEM form", "Or give --dev-ca with the folder of a demo's development CA."));
            else
                texts[i] = File.ReadAllText(path);
        }
        return problems.Count > 0 ? throw new OptionProblemException(problems) : new ClientCredentials(texts[0], texts[1], texts[2]);
    }

    /// <exception cref="OptionProblemException">The folder holds no development CA, or the identity is no SPIFFE id.</exception>
    public static ClientCredentials FromDevelopmentAuthority(string folder, string identity) =>
        throw new OptionProblemException("--dev-ca", folder, "not available in this build");
}
