using System.Globalization;
using Waypoint.Grpc;
using Waypoint.Grpc.Server;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.ControlPlane.Ads;

/// <summary>
/// A delta ADS server that behaves as istiod does: what it holds is put in by its owner (a replayed recording, a test, a
/// translation of manifests), and each client gets what it subscribes to. Thread-safe.
/// </summary>
/// <param name="options">Admission, observation, limits.</param>
public sealed class AdsServer(AdsServerOptions options)
{
    /// <summary>istiod's limit for a request, in bytes.</summary>
    public const int MaxRequestBytes = 4 << 20;

    private readonly Lock _gate = new();
    private readonly List<AdsServerStream> _streams = [];
    private readonly Dictionary<string, AdsServerTypeStatus> _types = new(StringComparer.Ordinal);
    private int _streamCount;
    private int _version = 1;

    /// <summary>How it behaves.</summary>
    public AdsServerOptions Options { get; } = options;

    internal ResourceState State { get; } = new();

    /// <summary>Whether at least one client is connected, and all that was sent is answered.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_gate)
                return _streams.Count > 0 && _streams.TrueForAll(stream => stream.IsIdle);
        }
    }

    /// <summary>Streams that are open.</summary>
    public int StreamCount
    {
        get
        {
            lock (_gate)
                return _streams.Count;
        }
    }

    /// <summary>How clients took the responses, by type.</summary>
    public IReadOnlyList<AdsServerTypeStatus> Types
    {
        get
        {
            lock (_gate)
                return [.. _types.Values];
        }
    }

    /// <summary>Serves <c>DeltaAggregatedResources</c>; the map should have <see cref="MaxRequestBytes"/> as its limit.</summary>
    /// <param name="services">To add to.</param>
    public void Map(GrpcServiceMap services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Duplex(AggregatedDiscovery.Delta, ServeAsync);
    }

    /// <summary>Changes what is held without telling anyone: for the state before the first client, and for what clients ask for by themselves.</summary>
    /// <param name="push">Resources and removals of one type.</param>
    public void Apply(AdsPush push)
    {
        ArgumentNullException.ThrowIfNull(push);
        lock (_gate)
            State.Apply(push);
    }

    /// <summary>Changes what is held and sends it to every client, each type as one response, all with the same version.</summary>
    /// <param name="pushes">In the order of sending.</param>
    public void Push(params IReadOnlyList<AdsPush> pushes)
    {
        ArgumentNullException.ThrowIfNull(pushes);
        lock (_gate)
        {
            _version++;
            foreach (var push in pushes)
            {
                State.Apply(push);
                foreach (var stream in _streams)
                    stream.Push_Locked(push);
            }
        }
    }

    /// <summary>Sends a response as it is to every client, whatever is subscribed or held; version and nonce are filled in where empty. For tests.</summary>
    /// <param name="response">To send.</param>
    public void SendRaw(DeltaDiscoveryResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        lock (_gate)
        {
            foreach (var stream in _streams)
            {
                var copy = response.Clone();
                if (copy.SystemVersionInfo.Length == 0)
                    copy.SystemVersionInfo = Version_Locked();
                if (copy.Nonce.Length == 0)
                    copy.Nonce = copy.SystemVersionInfo + Guid.NewGuid();
                stream.Queue_Locked(copy);
            }
        }
    }

    /// <summary>Ends every stream that is open; connections stay.</summary>
    /// <param name="status">How.</param>
    public void EndStreams(GrpcStatus status)
    {
        lock (_gate)
        {
            foreach (var stream in _streams)
                stream.End_Locked(status);
        }
    }

    internal void Handle(AdsServerStream stream, DeltaDiscoveryRequest request)
    {
        lock (_gate)
            stream.Handle_Locked(request);
    }

    internal void NoteSent(AdsServerStream stream, DeltaDiscoveryResponse response)
    {
        lock (_gate)
            Observe_Locked(stream, AdsServerEventKind.Sent, response.TypeUrl, null, response);
    }

    internal void Observe_Locked(AdsServerStream stream, AdsServerEventKind kind, string typeUrl, DeltaDiscoveryRequest? request, DeltaDiscoveryResponse? response)
    {
        if (kind is AdsServerEventKind.Acknowledged or AdsServerEventKind.Refused)
        {
            var status = _types.GetValueOrDefault(typeUrl) ?? new AdsServerTypeStatus(typeUrl, 0, 0, null);
            _types[typeUrl] = kind is AdsServerEventKind.Acknowledged
                ? status with { Acks = status.Acks + 1, LastNack = null }
                : status with { Nacks = status.Nacks + 1, LastNack = request!.ErrorDetail.Message };
        }
        Options.Observer?.Invoke(new AdsServerEvent(stream.Number, kind, typeUrl, request, response));
    }

    internal DeltaDiscoveryResponse Response_Locked(string typeUrl, IReadOnlyList<Resource> resources, IReadOnlyList<string> removed)
    {
        var version = Version_Locked();
        var response = new DeltaDiscoveryResponse { TypeUrl = typeUrl, SystemVersionInfo = version, Nonce = version + Guid.NewGuid() };
        response.Resources.AddRange(resources);
        response.RemovedResources.AddRange(removed);
        return response;
    }

    private string Version_Locked() => string.Create(CultureInfo.InvariantCulture, $"{Options.Time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}/{_version}");

    private async Task ServeAsync(GrpcServerCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call)
    {
        AdsServerStream stream;
        lock (_gate)
        {
            stream = new AdsServerStream(this, ++_streamCount, call);
            _streams.Add(stream);
        }
        try
        {
            await stream.ServeAsync();
        }
        finally
        {
            lock (_gate)
            {
                _streams.Remove(stream);
                Observe_Locked(stream, AdsServerEventKind.Ended, "", null, null);
            }
            stream.Dispose();
        }
    }
}
