using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Waypoint.Model.Tests.Tokens;

/// <summary>Makes tokens and key sets.</summary>
internal static class TestTokens
{
    internal const string Header = """{"alg":"HS256","kid":"k"}""";

    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("a secret of thirty-two bytes, ok");

    /// <summary>The key set that verifies <see cref="Signed"/>.</summary>
    internal static string KeySetText { get; } = $$"""{"keys":[{"kty":"oct","kid":"k","alg":"HS256","k":"{{Base64Url.EncodeToString(Secret)}}"}]}""";

    /// <summary>A token with a good signature.</summary>
    internal static string Signed(string payload, string header = Header)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Text in base64url.</summary>
    internal static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
