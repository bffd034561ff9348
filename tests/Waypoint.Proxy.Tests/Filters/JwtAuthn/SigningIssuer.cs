using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Waypoint.Proxy.Tests.Filters.JwtAuthn;

/// <summary>An issuer with an RSA key of its own.</summary>
internal sealed class SigningIssuer
{
    private readonly RSA _key = RSA.Create(2048);

    public SigningIssuer()
    {
        RSAParameters numbers = _key.ExportParameters(includePrivateParameters: false);
        KeySetText = $$"""{"keys":[{"kty":"RSA","kid":"k","n":"{{Base64Url.EncodeToString(numbers.Modulus)}}","e":"{{Base64Url.EncodeToString(numbers.Exponent)}}"}]}""";
    }

    public string KeySetText { get; }

    public string Sign(string payload, string algorithm = "RS256")
    {
        string signed = $"{Encode($$"""{"alg":"{{algorithm}}","kid":"k"}""")}.{Encode(payload)}";
        HashAlgorithmName hash = algorithm[2..] switch
        {
            "256" => HashAlgorithmName.SHA256,
            "384" => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        };
        RSASignaturePadding padding = algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), hash, padding))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
