using System.Text;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Headers;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Service.Auth.V3;
using ProtoAction = Waypoint.Protos.Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>Reads what a gRPC service answers.</summary>
internal static class CheckResponseReader
{
    private const int Ok = 0;

    public static CheckAnswer Read(CheckResponse response)
    {
        // The older place of the metadata wins, as in Envoy.
        Struct? metadata = response.OkResponse?.DynamicMetadata ?? response.DynamicMetadata;
        CheckAnswer answer = (response.Status?.Code ?? Ok) == Ok ? Allowed(response.OkResponse) : Denied(response.DeniedResponse);
        return metadata is { Fields.Count: > 0 } ? answer with { Metadata = MetadataMessage.FromMessage(metadata) } : answer;
    }

    private static CheckAnswer Allowed(OkHttpResponse? response) => response is null
        ? new CheckAnswer(CheckOutcome.Allowed)
        : new CheckAnswer(CheckOutcome.Allowed)
        {
            // Where neither form says how, a request header replaces the client's (the message's documented default): what the service vouches for must not stand
            // beside what the client claims. A response header is added.
            RequestHeaders = Changes(response.Headers, HeaderAppendAction.OverwriteIfExistsOrAdd),
            RequestHeadersToRemove = [.. response.HeadersToRemove.Select(LowerCase)],
            ResponseHeaders = Changes(response.ResponseHeadersToAdd, HeaderAppendAction.AppendIfExistsOrAdd),
            QueryToSet = [.. response.QueryParametersToSet.Select(static parameter => new KeyValuePair<string, string>(parameter.Key, parameter.Value))],
            QueryToRemove = [.. response.QueryParametersToRemove],
        };

    private static CheckAnswer Denied(DeniedHttpResponse? response) => response is null
        ? new CheckAnswer(CheckOutcome.Denied)
        : new CheckAnswer(CheckOutcome.Denied)
        {
            Status = (int)(response.Status?.Code ?? 0),
            ReplyHeaders = Changes(response.Headers, HeaderAppendAction.AppendIfExistsOrAdd),
            Body = Encoding.UTF8.GetBytes(response.Body),
        };

    private static HeaderChange[] Changes(RepeatedField<HeaderValueOption> options, HeaderAppendAction byDefault)
    {
        var changes = new HeaderChange[options.Count];
        for (int i = 0; i < changes.Length; i++)
        {
            HeaderValueOption option = options[i];
            changes[i] = new HeaderChange(LowerCase(option.Header?.Key ?? ""), ValueOf(option.Header), ActionOf(option, byDefault));
        }

        return changes;
    }

    private static HeaderAppendAction ActionOf(HeaderValueOption option, HeaderAppendAction byDefault)
    {
        if (option.Append is { } append)
        {
            return append ? HeaderAppendAction.AppendIfExistsOrAdd : HeaderAppendAction.OverwriteIfExistsOrAdd;
        }

        return option.AppendAction switch
        {
            ProtoAction.AddIfAbsent => HeaderAppendAction.AddIfAbsent,
            ProtoAction.OverwriteIfExistsOrAdd => HeaderAppendAction.OverwriteIfExistsOrAdd,
            ProtoAction.OverwriteIfExists => HeaderAppendAction.OverwriteIfExists,
            _ => byDefault,
        };
    }

    /// <summary>Header texts hold one byte per character.</summary>
    private static string ValueOf(HeaderValue? header)
    {
        if (header is null)
        {
            return "";
        }

        if (!header.RawValue.IsEmpty)
        {
            return Encoding.Latin1.GetString(header.RawValue.Span);
        }

        return Ascii.IsValid(header.Value) ? header.Value : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(header.Value));
    }

    // Matchers and header tables expect lower case.
#pragma warning disable CA1308
    private static string LowerCase(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
