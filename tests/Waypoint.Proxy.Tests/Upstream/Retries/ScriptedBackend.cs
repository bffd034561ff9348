using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Waypoint.Proxy.Tests.Upstream.Retries;

/// <summary>An HTTP/1.1 server on loopback that does with each request what the next step of its script says; the last step counts for all further requests.</summary>
internal sealed class ScriptedBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<BackendStep> _script;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private BackendStep _last;

    public ScriptedBackend(params BackendStep[] script)
    {
        _script = new ConcurrentQueue<BackendStep>(script);
        _last = script[^1];
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Head and body of every request that arrived whole, or of those that were reset early their head.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _connections.Add(ServeAsync(client));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                while (await ReadRequestAsync(stream) is { } request)
                {
                    _requests.Enqueue(request);
                    if (_script.TryDequeue(out BackendStep? step))
                    {
                        _last = step;
                    }

                    if (!await PlayAsync(client, stream, _last))
                    {
                        return;
                    }
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException)
            {
            }
        }
    }

    /// <summary>False when the connection is over.</summary>
    private async Task<bool> PlayAsync(TcpClient client, NetworkStream stream, BackendStep step)
    {
        switch (step.Kind)
        {
            case BackendStepKind.Answer:
                await stream.WriteAsync(Encoding.Latin1.GetBytes(step.Text), _stop.Token);
                return true;
            case BackendStepKind.AnswerAndReset:
                await stream.WriteAsync(Encoding.Latin1.GetBytes(step.Text), _stop.Token);
                await Task.Delay(50, _stop.Token);
                client.LingerState = new LingerOption(true, 0);
                return false;
            case BackendStepKind.Reset:
                client.LingerState = new LingerOption(true, 0);
                return false;
            case BackendStepKind.Close:
                return false;
            default:
                await Task.Delay(Timeout.Infinite, _stop.Token);
                return false;
        }
    }

    private async Task<string?> ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        while (!IsWhole(text.ToString()))
        {
            int read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
            {
                return null;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    private static bool IsWhole(string text)
    {
        int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
        {
            return false;
        }

        if (text.Contains("transfer-encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            return text.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
        }

        int length = text.IndexOf("content-length: ", StringComparison.OrdinalIgnoreCase);
        return length < 0 || text.Length - head - 4 >= int.Parse(text.AsSpan(length + 16, text.IndexOf("\r\n", length, StringComparison.Ordinal) - length - 16), provider: null);
    }
}
