using Waypoint.Protos.Scanning;

namespace Waypoint.Xds.Decoding;

/// <summary>Looks for what a message carries and our declarations do not: in a message that decides security or routing it refuses the subject, elsewhere it is listed.</summary>
internal static class UndeclaredContentCheck
{
    /// <summary>Call it after the decoder: an unknown type that the decoder refused by name already is not reported twice.</summary>
    public static void Check(this DecodeContext context, ReadOnlySpan<byte> message, string type)
    {
        ScanReport report = UndeclaredFieldScanner.Scan(message, type);
        if (report.IsClean)
            return;
        bool refused = context.HasProblems;
        foreach (UndeclaredContent finding in report.Findings)
        {
            if (!finding.DecidesSecurity)
                context.Ignore(finding.Number == 0 ? finding.MessageType : $"{finding.MessageType} field {finding.Number}", "it is not known: " + finding.Detail);
            else if (!refused || finding.Kind != UndeclaredKind.TypeUrl)
                context.Refuse("", finding.ToString());
        }

        if (report.IsTruncated)
            context.Refuse("", $"more than {UndeclaredFieldScanner.MaxFindings} unknown pieces");
    }
}
