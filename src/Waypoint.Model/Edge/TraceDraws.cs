namespace Waypoint.Model.Edge;

/// <summary>The outcome of the draws that decide whether a request is traced: the connection manager's or the route's percentages, drawn with the request identifier's number.</summary>
/// <param name="Client">Whether a client's wish counts (<c>client_sampling</c>).</param>
/// <param name="Random">Whether the request is a sample (<c>random_sampling</c>).</param>
/// <param name="Overall">Whether the limit over all (<c>overall_sampling</c>) lets it pass.</param>
/// <param name="UseRequestId">False: the identifier takes no part and the tracer decides by itself.</param>
public readonly record struct TraceDraws(bool Client, bool Random, bool Overall, bool UseRequestId = true);
