using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Waypoint.EndToEnd.Tests;

/// <summary>An issuer of tokens with a plain HTTP server for its keys.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _requests;

    public KeyServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>How often it was asked.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Head of the last request.</summary>
    public string LastHead { get; private set; } = "";

    /// <summary>A token with the claims.</summary>
    public string Sign(string payload)
    {
        string signed = Encode("""{"alg":"RS256","kid":"k"}""") + "." + Encode(payload);
        return signed + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _key.Dispose();
        _stop.Dispose();
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private async Task ServeAsync()
    {
        RSAParameters numbers = _key.ExportParameters(includePrivateParameters: false);
        string body = $$"""{"keys":[{"kty":"RSA","kid":"k","n":"{{Base64Url.EncodeToString(numbers.Modulus)}}","e":"{{Base64Url.EncodeToString(numbers.Exponent)}}"}]}""";
        byte[] answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\nconnection: close\r\n\r\n{body}");
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                byte[] buffer = new byte[8192];
                int read = await client.GetStream().ReadAsync(buffer, _stop.Token);
                LastHead = Encoding.ASCII.GetString(buffer, 0, read);
                Interlocked.Increment(ref _requests);
                await client.GetStream().WriteAsync(answer, _stop.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }
}
