namespace Waypoint.ControlPlane.Ads;

/// <summary>How clients took the responses of one type, over all streams.</summary>
/// <param name="TypeUrl">The type.</param>
/// <param name="Acks">Accepted responses.</param>
/// <param name="Nacks">Refused responses.</param>
/// <param name="LastNack">Message of the last answer when it was a NACK; null when it was an ACK.</param>
public sealed record AdsServerTypeStatus(string TypeUrl, int Acks, int Nacks, string? LastNack);
