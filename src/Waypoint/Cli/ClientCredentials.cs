using System.Net;
using Waypoint.Agent;
using Waypoint.Grpc.Client;
using Waypoint.Model.Identity;
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
                problems.Add(new OptionProblem(option, path, "a file in PEM form", "Or give --dev-ca with the address of a running demo's certificate authority."));
            else
                texts[i] = File.ReadAllText(path);
        }
        return problems.Count > 0 ? throw new OptionProblemException(problems) : new ClientCredentials(texts[0], texts[1], texts[2]);
    }

    /// <exception cref="OptionProblemException">The identity is no SPIFFE id, or nobody signs.</exception>
    public static async Task<ClientCredentials> FromDevelopmentAuthorityAsync(IPEndPoint authority, string identity)
    {
        if (!SpiffeId.TryParse(identity, out _))
            throw new OptionProblemException("--identity", identity, "spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT");
        var request = CertificateSigningRequest.Create(WorkloadKeySettings.Default, identity);
        var client = new CertificateClient(new GrpcChannelOptions { Address = authority }, "", TimeProvider.System, Random.Shared);
        try
        {
            var chain = await client.SignAsync(request.RequestPem, RenewalSchedule.Default.Validity, CancellationToken.None);
            return new ClientCredentials(string.Join('\n', chain.SkipLast(1)), request.KeyPem, chain[^1]);
        }
        catch (CertificateRefusedException refused)
        {
            throw new OptionProblemException("--dev-ca", authority.ToString(), "the address of a running 'waypoint run --demo'", refused.Message);
        }
    }
}
