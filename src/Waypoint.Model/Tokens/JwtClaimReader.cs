using Waypoint.Model.Matching;

namespace Waypoint.Model.Tokens;

/// <summary>The registered claims of a payload, each of the kind it must have. <see cref="Status"/> says which one is not.</summary>
internal readonly ref struct JwtClaimReader
{
    // The first double that no 64-bit number reaches.
    private const double TwoToThe64 = 18446744073709551616.0;

    internal JwtClaimReader(MetadataValue payload)
    {
        Issuer = Subject = "";
        Audiences = [];
        Status = TryText(payload, "iss", JwtStatus.JwtPayloadParseErrorIssNotString, out var issuer);
        if (Status == JwtStatus.Ok)
            Status = TryText(payload, "sub", JwtStatus.JwtPayloadParseErrorSubNotString, out Subject);
        if (Status == JwtStatus.Ok)
            Status = TryTime(payload, "iat", JwtStatus.JwtPayloadParseErrorIatNotInteger, JwtStatus.JwtPayloadParseErrorIatOutOfRange, out IssuedAt);
        if (Status == JwtStatus.Ok)
            Status = TryTime(payload, "nbf", JwtStatus.JwtPayloadParseErrorNbfNotInteger, JwtStatus.JwtPayloadParseErrorNbfOutOfRange, out NotBefore);
        if (Status == JwtStatus.Ok)
            Status = TryTime(payload, "exp", JwtStatus.JwtPayloadParseErrorExpNotInteger, JwtStatus.JwtPayloadParseErrorExpOutOfRange, out ExpiresAt);
        if (Status == JwtStatus.Ok)
            Status = TryText(payload, "jti", JwtStatus.JwtPayloadParseErrorJtiNotString, out _);
        if (Status == JwtStatus.Ok && !TryAudiences(payload, out Audiences))
            Status = JwtStatus.JwtPayloadParseErrorAudNotString;
        Issuer = issuer;
    }

    internal readonly JwtStatus Status;
    internal readonly string Issuer;
    internal readonly string Subject;
    internal readonly string[] Audiences;
    internal readonly ulong IssuedAt;
    internal readonly ulong NotBefore;
    internal readonly ulong ExpiresAt;

    private static JwtStatus TryText(MetadataValue payload, string name, JwtStatus wrong, out string text)
    {
        var value = payload.Field(name);
        text = value?.Text ?? "";
        return value is null or { Kind: MetadataKind.Text } ? JwtStatus.Ok : wrong;
    }

    private static JwtStatus TryTime(MetadataValue payload, string name, JwtStatus wrong, JwtStatus outOfRange, out ulong seconds)
    {
        seconds = 0;
        if (payload.Field(name) is not { } value)
            return JwtStatus.Ok;
        if (value.Kind != MetadataKind.Number)
            return wrong;
        if (value.Number is < 0 or >= TwoToThe64)
            return outOfRange;
        seconds = (ulong)value.Number;
        return JwtStatus.Ok;
    }

    private static bool TryAudiences(MetadataValue payload, out string[] audiences)
    {
        audiences = [];
        switch (payload.Field("aud"))
        {
            case null:
                return true;
            case { Kind: MetadataKind.Text } one:
                audiences = [one.Text];
                return true;
            case { Kind: MetadataKind.List } list:
                audiences = new string[list.Items.Count];
                for (var i = 0; i < audiences.Length; i++)
                {
                    if (list.Items[i].Kind != MetadataKind.Text)
                        return false;
                    audiences[i] = list.Items[i].Text;
                }

                return true;
            default:
                return false;
        }
    }
}
