namespace Waypoint.Model.Filters.ExtAuthz;

/// <summary>How much of a request's body the service gets (<c>envoy.extensions.filters.http.ext_authz.v3.BufferSettings</c>).</summary>
/// <param name="MaxBytes"><c>max_request_bytes</c>, at least 1.</param>
/// <param name="AllowPartial"><c>allow_partial_message</c>: of a longer body the beginning goes; otherwise the request gets 413.</param>
/// <param name="AsBytes"><c>pack_as_bytes</c>: a gRPC service gets bytes, not text.</param>
public sealed record CheckBodySettings(int MaxBytes, bool AllowPartial, bool AsBytes);
