using System.Net;
using DnsClient;
using DnsClient.Protocol;
using Waypoint.Model.Clusters;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>Asks name servers over UDP, and TCP where an answer is too long. Bounded: questions beyond <see cref="MaxQuestions"/> at a time wait, each within its own limit.</summary>
internal sealed class NameServerResolver : IDnsResolver, IDisposable
{
    private const int MaxQuestions = 256;
    private const int MaxAddresses = 256;

    private readonly SemaphoreSlim _questions = new(MaxQuestions);
    private readonly ResolverSettings _settings;
    private readonly HostsFile? _hosts;
    private readonly LookupClient _client;

    /// <param name="settings">Whom to ask.</param>
    /// <param name="hosts">Asked first; null: not at all.</param>
    public NameServerResolver(ResolverSettings settings, HostsFile? hosts)
    {
        _settings = settings;
        _hosts = hosts;
        _client = new LookupClient(new LookupClientOptions([.. settings.Servers])
        {
            // Whoever asks keeps the answer for as long as it holds; a second cache would only make it staler.
            UseCache = false,
            Timeout = settings.Timeout,
            Retries = settings.Attempts - 1,
            ContinueOnDnsError = false,
            ContinueOnEmptyResponse = false,
            ThrowDnsErrors = false,
            EnableAuditTrail = false,
        });
    }

    /// <inheritdoc/>
    public async ValueTask<DnsAnswer> ResolveAsync(string name, DnsLookupFamily family, CancellationToken cancellation)
    {
        // The client's first steps run on the caller's thread, which may be one that serves connections.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_hosts?.Find(name) is { } known && Select(known, family) is { Count: > 0 } fixedAddresses)
        {
            return new DnsAnswer(fixedAddresses, null, null);
        }

        await _questions.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            DnsAnswer answer = DnsAnswer.Failed("the name cannot be asked for");
            foreach (string candidate in Candidates(name))
            {
                answer = await AskAsync(candidate, family, cancellation).ConfigureAwait(false);
                if (answer.Problem is not null || answer.Addresses.Count > 0)
                {
                    return answer;
                }
            }

            return answer;
        }
        finally
        {
            _questions.Release();
        }
    }

    /// <summary>To be called when nobody asks any more.</summary>
    public void Dispose() => _questions.Dispose();

    /// <summary>A name with a dot is asked as it is first: most are complete, and a suffix must not capture them. One without needs a suffix.</summary>
    private IEnumerable<string> Candidates(string name)
    {
        if (name.EndsWith('.'))
        {
            return [name];
        }

        IEnumerable<string> withSuffix = _settings.Suffixes.Select(suffix => $"{name}.{suffix}.");
        return name.Contains('.', StringComparison.Ordinal) ? withSuffix.Prepend(name + ".") : withSuffix.Append(name + ".");
    }

    private async Task<DnsAnswer> AskAsync(string name, DnsLookupFamily family, CancellationToken cancellation)
    {
        (QueryType first, QueryType? second) = family switch
        {
            DnsLookupFamily.V4Only => (QueryType.A, (QueryType?)null),
            DnsLookupFamily.V6Only => (QueryType.AAAA, null),
            DnsLookupFamily.V4Preferred => (QueryType.A, QueryType.AAAA),
            _ => (QueryType.AAAA, QueryType.A),
        };
        DnsAnswer answer = await AskAsync(name, first, cancellation).ConfigureAwait(false);
        if (second is not { } other || (answer.Addresses.Count > 0 && family != DnsLookupFamily.All))
        {
            return answer;
        }

        DnsAnswer more = await AskAsync(name, other, cancellation).ConfigureAwait(false);
        if (answer.Addresses.Count == 0)
        {
            // Nothing of one family is no failure if the other has something; a failure of both is.
            return more.Addresses.Count > 0 || answer.Problem is null ? more : answer;
        }

        TimeSpan? ttl = more.TimeToLive < answer.TimeToLive ? more.TimeToLive : answer.TimeToLive;
        return new DnsAnswer([.. answer.Addresses, .. more.Addresses], ttl, null);
    }

    private async Task<DnsAnswer> AskAsync(string name, QueryType type, CancellationToken cancellation)
    {
        try
        {
            IDnsQueryResponse response = await _client.QueryAsync(name, type, QueryClass.IN, cancellation).ConfigureAwait(false);
            // NXDOMAIN is an answer: the name has no address.
            if (response.HasError && response.Header.ResponseCode != DnsHeaderResponseCode.NotExistentDomain)
            {
                return DnsAnswer.Failed($"the name server answered {response.Header.ResponseCode}");
            }

            var addresses = new List<IPAddress>();
            int ttl = int.MaxValue;
            foreach (DnsResourceRecord record in response.Answers)
            {
                ttl = Math.Min(ttl, record.InitialTimeToLive);
                if (record is AddressRecord address && record.RecordType == (type == QueryType.A ? ResourceRecordType.A : ResourceRecordType.AAAA) && addresses.Count < MaxAddresses)
                {
                    addresses.Add(address.Address);
                }
            }

            return new DnsAnswer(addresses, ttl == int.MaxValue ? null : TimeSpan.FromSeconds(ttl), null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure) when (failure is DnsResponseException or OperationCanceledException or IOException or System.Net.Sockets.SocketException or ArgumentException or InvalidOperationException)
        {
            return DnsAnswer.Failed(failure is DnsResponseException { Code: DnsResponseCode.ConnectionTimeout } or OperationCanceledException
                ? $"no name server answered within {_settings.Timeout.TotalSeconds * _settings.Attempts} s"
                : failure.Message);
        }
    }

    private static List<IPAddress> Select(IReadOnlyList<IPAddress> addresses, DnsLookupFamily family)
    {
        List<IPAddress> v4 = [.. addresses.Where(static a => a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)];
        List<IPAddress> v6 = [.. addresses.Where(static a => a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)];
        return family switch
        {
            DnsLookupFamily.V4Only => v4,
            DnsLookupFamily.V6Only => v6,
            DnsLookupFamily.V4Preferred => v4.Count > 0 ? v4 : v6,
            DnsLookupFamily.All => [.. v6, .. v4],
            _ => v6.Count > 0 ? v6 : v4,
        };
    }
}
