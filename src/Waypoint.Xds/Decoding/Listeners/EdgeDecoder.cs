using Waypoint.Model.Authorization;
using Waypoint.Model.Edge;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>What a connection manager believes of request headers and adds to them.</summary>
internal static class EdgeDecoder
{
    public static EdgeConfig Decode(HttpConnectionManager message, DecodeContext context)
    {
        bool useRemote = message.UseRemoteAddress ?? false;
        return new EdgeConfig
        {
            UseRemoteAddress = useRemote,
            TrustedHops = (int)Math.Min(message.XffNumTrustedHops, int.MaxValue),
            // A proxy that takes the client from the header leaves the header alone.
            SkipForwardedForAppend = !useRemote || message.SkipXffAppend,
            InternalAddresses = InternalAddresses(message.InternalAddressConfig, context),
            AppendForwardedPort = message.AppendXForwardedPort,
            GenerateRequestId = message.GenerateRequestId ?? true,
            PreserveExternalRequestId = message.PreserveExternalRequestId,
            RequestIdInResponse = message.AlwaysSetRequestIdInResponse,
            Via = SharedText.Of(message.Via),
            ClientCert = ClientCert(message, context),
            ClientCertDetails = ClientCertDetails(message.SetCurrentClientCertDetails),
            StripHostPort = message.StripAnyHostPort ? HostPortStripping.Any : message.StripMatchingHostPort ? HostPortStripping.Matching : HostPortStripping.None,
            StripTrailingHostDot = message.StripTrailingHostDot,
        };
    }

    private static AddressSet InternalAddresses(HttpConnectionManager.Types.InternalAddressConfig? config, DecodeContext context)
    {
        if (config is null || config.CidrRanges.Count == 0)
            return AddressSet.None;
        var blocks = new List<AddressBlock>(config.CidrRanges.Count);
        for (int i = 0; i < config.CidrRanges.Count; i++)
        {
            CidrRange range = config.CidrRanges[i];
            if (AddressBlock.TryCreate(range.AddressPrefix, range.PrefixLen ?? 0, out AddressBlock block))
                blocks.Add(block);
            else
                context.RefuseValue($"internal_address_config.cidr_ranges[{i}].address_prefix", $"'{range.AddressPrefix}'", "an IP address");
        }

        return new AddressSet(blocks);
    }

    private static ClientCertForwarding ClientCert(HttpConnectionManager message, DecodeContext context)
    {
        switch (message.ForwardClientCertDetails)
        {
            case HttpConnectionManager.Types.ForwardClientCertDetails.Sanitize:
                return ClientCertForwarding.Sanitize;
            case HttpConnectionManager.Types.ForwardClientCertDetails.ForwardOnly:
                return ClientCertForwarding.ForwardOnly;
            case HttpConnectionManager.Types.ForwardClientCertDetails.AppendForward:
                return ClientCertForwarding.AppendForward;
            case HttpConnectionManager.Types.ForwardClientCertDetails.SanitizeSet:
                return ClientCertForwarding.SanitizeSet;
            case HttpConnectionManager.Types.ForwardClientCertDetails.AlwaysForwardOnly:
                return ClientCertForwarding.AlwaysForwardOnly;
            default:
                context.RefuseValue("forward_client_cert_details", message.ForwardClientCertDetails.ToString(), "SANITIZE, FORWARD_ONLY, APPEND_FORWARD, SANITIZE_SET or ALWAYS_FORWARD_ONLY");
                return ClientCertForwarding.Sanitize;
        }
    }

    private static ClientCertDetail[] ClientCertDetails(HttpConnectionManager.Types.SetCurrentClientCertDetails? details)
    {
        if (details is null)
            return [];
        var told = new List<ClientCertDetail>();
        if (details.Cert)
            told.Add(ClientCertDetail.Cert);
        if (details.Chain)
            told.Add(ClientCertDetail.Chain);
        if (details.Subject ?? false)
            told.Add(ClientCertDetail.Subject);
        if (details.Uri)
            told.Add(ClientCertDetail.Uri);
        if (details.Dns)
            told.Add(ClientCertDetail.Dns);
        return [.. told];
    }
}
