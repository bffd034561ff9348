using System.Globalization;
using System.Text;
using Waypoint.Model.Routes;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>envoy.config.route.v3.DirectResponseAction</c>.</summary>
internal static class DirectResponseDecoder
{
    internal static DirectResponseAction Decode(Proto.DirectResponseAction message, RouteDecoding decoding)
    {
        var status = decoding.Context.ReadNumber(message.Status, "status", absent: 200, min: 200, max: 599);
        var body = DecodeBody(message.Body, decoding.Context);
        if (body.Length > decoding.MaxDirectResponseBytes)
        {
            decoding.Context.RefuseValue("body", string.Create(CultureInfo.InvariantCulture, $"{body.Length} bytes long"),
                string.Create(CultureInfo.InvariantCulture, $"up to max_direct_response_body_size_bytes = {decoding.MaxDirectResponseBytes}"));
        }

        return new DirectResponseAction((int)status, body);
    }

    private static ReadOnlyMemory<byte> DecodeBody(DataSource? body, DecodeContext context)
    {
        switch (body?.SpecifierCase ?? DataSource.SpecifierOneofCase.None)
        {
            case DataSource.SpecifierOneofCase.InlineBytes:
                return body!.InlineBytes.Memory;
            case DataSource.SpecifierOneofCase.InlineString:
                return Encoding.UTF8.GetBytes(body!.InlineString);
            case DataSource.SpecifierOneofCase.None:
                return default;
            default:
                context.Refuse("body", "comes from outside the configuration, which is not supported", body!.SpecifierCase.ToString(), "inline_string or inline_bytes");
                return default;
        }
    }
}
