using Waypoint.Model.Headers;
using Waypoint.Model.Requests;

namespace Waypoint.Conformance.Tests.Routes;

/// <summary>What operators in header values may ask of a case: its request headers.</summary>
internal sealed class CaseFormatValues(HeaderLines request) : IFormatValues
{
    public string? Get(FormatField field, string argument) =>
        field == FormatField.RequestHeader && request.Count(argument) > 0 ? request.Get(argument, 0) : null;
}
