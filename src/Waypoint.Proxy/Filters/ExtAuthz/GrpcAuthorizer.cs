using System.Net;
using Waypoint.Grpc;
using Waypoint.Grpc.Client;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Formatting;
using Waypoint.Protos.Envoy.Service.Auth.V3;
using Waypoint.Proxy.Http;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Pools;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>Asks a service that speaks <c>envoy.service.auth.v3.Authorization</c>.</summary>
internal static class GrpcAuthorizer
{
    private static readonly GrpcMethod<CheckRequest, CheckResponse> Check =
        new("envoy.service.auth.v3.Authorization", "Check", CheckRequest.Parser, CheckResponse.Parser);

    private static readonly PooledChannels Channels = new();

    /// <summary>Asks about a request. Whatever goes wrong is an answer too.</summary>
    public static Task<CheckAnswer> AskAsync(HttpExchange exchange, GrpcAuthorizerService service, CheckRequest question) =>
        AskAsync(exchange.Snapshot, service, question, Metadata(service, exchange.FormatValues), exchange.Time, exchange.ClientGone);

    /// <summary>Asks about a connection. Whatever goes wrong is an answer too.</summary>
    public static Task<CheckAnswer> AskAsync(RuntimeSnapshot snapshot, GrpcAuthorizerService service, CheckRequest question, TimeProvider time, CancellationToken cancellation) =>
        AskAsync(snapshot, service, question, [], time, cancellation);

    private static async Task<CheckAnswer> AskAsync(
        RuntimeSnapshot snapshot, GrpcAuthorizerService service, CheckRequest question, IReadOnlyList<GrpcHeader> metadata, TimeProvider time, CancellationToken cancellation)
    {
        if (ServiceEndpoint.Pick(snapshot, service.Cluster, out _) is not { } endpoint)
        {
            return CheckAnswer.Failed;
        }

        try
        {
            using PoolLease lease = endpoint.Rent(HttpVersion.Version20, endpoint.VariantFor(service.Authority, source: null, destination: null));
            IGrpcChannel channel = Channels.Over(lease.Invoker, endpoint.UriPrefix, service.Authority, service.MaxAnswerBytes, time);
            var options = new GrpcCallOptions { Timeout = service.Timeout > TimeSpan.Zero ? service.Timeout : null, Metadata = metadata };
            CheckResponse answer = await channel.UnaryAsync(Check, question, options, cancellation).ConfigureAwait(false);
            return CheckResponseReader.Read(answer);
        }
        catch (Exception failure) when (failure is GrpcException or OperationCanceledException or UriFormatException or FormatException or ArgumentException)
        {
            // The last two: metadata that gRPC has no form for.
            return CheckAnswer.Failed;
        }
        finally
        {
            endpoint.Release();
        }
    }

    private static GrpcHeader[] Metadata(GrpcAuthorizerService service, IFormatValues values)
    {
        if (service.Headers.Count == 0)
        {
            return [];
        }

        var metadata = new GrpcHeader[service.Headers.Count];
        for (int i = 0; i < metadata.Length; i++)
        {
            metadata[i] = new GrpcHeader(service.Headers[i].Key, service.Headers[i].Value.Render(values));
        }

        return metadata;
    }
}
