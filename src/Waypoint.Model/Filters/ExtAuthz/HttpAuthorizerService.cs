using Waypoint.Model.Headers;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Filters.ExtAuthz;

/// <summary>A service that gets the request's head and answers with a status (<c>http_service</c>). Immutable.</summary>
/// <param name="Cluster"><c>server_uri.cluster</c>.</param>
/// <param name="Timeout"><c>server_uri.timeout</c>.</param>
/// <param name="Headers"><c>authorization_request.headers_to_add</c>.</param>
/// <param name="PathPrefix"><c>path_prefix</c> before the request's path.</param>
public sealed record HttpAuthorizerService(string Cluster, TimeSpan Timeout, IReadOnlyList<KeyValuePair<string, HeaderFormat>> Headers, string PathPrefix)
    : AuthorizerService(Cluster, Timeout, Headers)
{
    private const string HeadersToRemove = "x-envoy-auth-headers-to-remove";

    /// <summary><c>authorization_response.allowed_upstream_headers</c>: headers of a good answer that replace the request's.</summary>
    public StringMatcherList UpstreamHeaders { get; init; } = StringMatcherList.Empty;

    /// <summary><c>authorization_response.allowed_upstream_headers_to_append</c>: headers of a good answer that are added to the request's.</summary>
    public StringMatcherList UpstreamHeadersToAppend { get; init; } = StringMatcherList.Empty;

    /// <summary><c>authorization_response.allowed_client_headers</c>: headers of a bad answer that the client gets; empty: all.</summary>
    public StringMatcherList ClientHeaders { get; init; } = StringMatcherList.Empty;

    /// <summary><c>authorization_response.allowed_client_headers_on_success</c>: headers of a good answer that the client gets.</summary>
    public StringMatcherList ClientHeadersOnSuccess { get; init; } = StringMatcherList.Empty;

    /// <summary><c>authorization_response.dynamic_metadata_from_headers</c>: headers of a good answer that become dynamic metadata.</summary>
    public StringMatcherList MetadataHeaders { get; init; } = StringMatcherList.Empty;

    /// <inheritdoc/>
    public override bool TellsUnlisted => false;

    /// <inheritdoc/>
    public override bool AlwaysTells(string name) => name is ":authority" or ":method" or ":path" or "authorization";

    /// <summary>What an answer means: 200 lets the request pass, 5xx is no answer at all, everything else is the client's answer.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="headers">Its header lines, lower case.</param>
    /// <param name="body">Its body.</param>
    public CheckAnswer Read(int status, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body)
    {
        if (status >= 500)
            return CheckAnswer.Failed;
        return status == 200 ? ReadAllowed(headers) : ReadDenied(status, headers, body);
    }

    private CheckAnswer ReadAllowed(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var request = new List<HeaderChange>();
        var response = new List<HeaderChange>();
        var remove = new List<string>();
        List<KeyValuePair<string, MetadataValue>>? metadata = null;
        foreach ((string name, string value) in headers)
        {
            if (name == HeadersToRemove)
            {
                remove.AddRange(value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
                continue;
            }

            if (IsOfTheMessage(name))
                continue;
            if (UpstreamHeaders.Matches(name))
                request.Add(new HeaderChange(name, value, HeaderAppendAction.OverwriteIfExistsOrAdd));
            if (UpstreamHeadersToAppend.Matches(name))
                request.Add(new HeaderChange(name, value, HeaderAppendAction.AppendIfExistsOrAdd));
            if (ClientHeadersOnSuccess.Matches(name))
                response.Add(new HeaderChange(name, value, HeaderAppendAction.AppendIfExistsOrAdd));
            if (MetadataHeaders.Matches(name))
                (metadata ??= []).Add(new(name, MetadataValue.Of(value)));
        }

        return new CheckAnswer(CheckOutcome.Allowed)
        {
            RequestHeaders = request,
            RequestHeadersToRemove = remove,
            ResponseHeaders = response,
            Metadata = metadata is null ? null : MetadataValue.Of(metadata),
        };
    }

    private CheckAnswer ReadDenied(int status, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body)
    {
        var reply = new List<HeaderChange>();
        foreach ((string name, string value) in headers)
        {
            // These two say where to log in: they go whatever the list says.
            bool wanted = ClientHeaders.IsEmpty || name is "location" or "www-authenticate" || ClientHeaders.Matches(name);
            if (wanted && !IsOfTheMessage(name) && name != HeadersToRemove)
                reply.Add(new HeaderChange(name, value, HeaderAppendAction.AppendIfExistsOrAdd));
        }

        return new CheckAnswer(CheckOutcome.Denied) { Status = status, ReplyHeaders = reply, Body = body };
    }

    /// <summary>Headers that describe the answer's own message on its own connection.</summary>
    private static bool IsOfTheMessage(string name) =>
        name is "content-length" or "transfer-encoding" or "connection" or "keep-alive" or "proxy-connection" or "upgrade" or "trailer" or "te" or "host"
        || name.StartsWith(':');
}
