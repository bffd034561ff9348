using System.Globalization;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Service.Auth.V3;
using Waypoint.Proxy.Http;
using SocketAddress = Waypoint.Protos.Envoy.Config.Core.V3.SocketAddress;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>Writes what a gRPC service is told, as Envoy fills it. Principals are those of the connection inside the tunnel: none.</summary>
internal static class CheckRequestWriter
{
    private const string ClientService = "x-envoy-downstream-service-cluster";

    private static long _lastStream;

    /// <summary>About a request.</summary>
    public static CheckRequest OfRequest(HttpExchange exchange, ExtAuthzFilterConfig config, ExtAuthzRouteConfig? route, CheckBody body)
    {
        var attributes = new AttributeContext
        {
            Source = Peer(exchange.Tunnel.Source),
            Destination = Peer(exchange.Tunnel.Destination),
            Request = new AttributeContext.Types.Request
            {
                Time = Timestamp.FromDateTimeOffset(exchange.StartTime),
                Http = Request(exchange, config, body),
            },
            MetadataContext = ContextOf(exchange.Metadata, config.MetadataNamespaces),
        };
        if (config.RouteMetadataNamespaces.Count > 0)
        {
            attributes.RouteMetadataContext = ContextOf(exchange.Match.Route?.Metadata, config.RouteMetadataNamespaces);
        }

        attributes.Source.Service = exchange.RequestHeaders[ClientService].ToString();
        if (route is not null)
        {
            attributes.ContextExtensions.Add(route.ContextExtensions.ToDictionary());
        }

        return new CheckRequest { Attributes = attributes };
    }

    /// <summary>About an opaque connection.</summary>
    public static CheckRequest OfConnection(TunnelContext tunnel) => new()
    {
        Attributes = new AttributeContext { Source = Peer(tunnel.Source), Destination = Peer(tunnel.Destination) },
    };

    private static Metadata ContextOf(IMetadataView? metadata, IReadOnlyList<string> namespaces)
    {
        var context = new Metadata();
        foreach (string name in namespaces)
        {
            if (metadata?.Get(name) is { Kind: MetadataKind.Struct } value)
            {
                context.FilterMetadata[name] = MetadataMessage.StructOf(value);
            }
        }

        return context;
    }

    private static AttributeContext.Types.Peer Peer(IPEndPoint? address)
    {
        var peer = new AttributeContext.Types.Peer();
        if (address is not null)
        {
            peer.Address = new Address { SocketAddress = new SocketAddress { Address = address.Address.ToString(), PortValue = (uint)address.Port } };
        }

        return peer;
    }

    private static AttributeContext.Types.HttpRequest Request(HttpExchange exchange, ExtAuthzFilterConfig config, CheckBody body)
    {
        var request = new AttributeContext.Types.HttpRequest
        {
            // As unique in the process as Envoy's stream id, which is all that it is.
            Id = Interlocked.Increment(ref _lastStream).ToString(CultureInfo.InvariantCulture),
            Method = exchange.Method,
            Path = Text(exchange.Path),
            Host = Text(exchange.Authority),
            Scheme = exchange.Scheme,
            Size = exchange.Context.Request.ContentLength ?? body.Bytes.Length,
            Protocol = HttpProtocol.IsHttp2(exchange.Context.Request.Protocol) ? "HTTP/2" : exchange.Context.Request.Protocol,
        };
        AddHeaders(request, exchange, config, body);
        if (!body.IsRead)
        {
            return request;
        }

        if (body.AsBytes)
        {
            request.RawBody = ByteString.CopyFrom(body.Bytes.Span);
        }
        else
        {
            // A string has to be UTF-8 on the wire: what is none becomes replacement characters.
            request.Body = System.Text.Encoding.UTF8.GetString(body.Bytes.Span);
        }

        return request;
    }

    private static void AddHeaders(AttributeContext.Types.HttpRequest request, HttpExchange exchange, ExtAuthzFilterConfig config, CheckBody body)
    {
        string partial = body.IsPartial ? "true" : "false";
        if (!config.RawHeaders)
        {
            foreach ((string name, string value) in ToldHeaders.Of(exchange, config))
            {
                request.Headers[name] = Text(value);
            }

            if (body.IsRead)
            {
                request.Headers[ExtAuthzFilterConfig.PartialBodyHeader] = partial;
            }

            return;
        }

        request.HeaderMap = new HeaderMap();
        foreach ((string name, StringValues lines) in ToldHeaders.Lines(exchange, config))
        {
            foreach (string? line in lines)
            {
                request.HeaderMap.Headers.Add(new HeaderValue { Key = name, RawValue = ByteString.CopyFrom(System.Text.Encoding.Latin1.GetBytes(line ?? "")) });
            }
        }

        if (body.IsRead)
        {
            request.HeaderMap.Headers.Add(new HeaderValue { Key = ExtAuthzFilterConfig.PartialBodyHeader, RawValue = ByteString.CopyFromUtf8(partial) });
        }
    }

    /// <summary>Header texts hold one byte per character; a message wants the bytes read as UTF-8.</summary>
    private static string Text(string value) =>
        System.Text.Ascii.IsValid(value) ? value : System.Text.Encoding.UTF8.GetString(System.Text.Encoding.Latin1.GetBytes(value));
}
