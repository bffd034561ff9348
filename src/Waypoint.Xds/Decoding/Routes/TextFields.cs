namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Checks texts that end up in a request or response head.</summary>
internal static class TextFields
{
    /// <summary>Refuses characters that would end a header line.</summary>
    internal static void CheckHeaderValue(string value, string name, DecodeContext context)
    {
        if (BreaksHeader(value))
            context.Refuse(name, "has a line break or a NUL in it");
    }

    /// <summary>True if the text cannot stand in a header line.</summary>
    internal static bool BreaksHeader(string value) => value.AsSpan().ContainsAny('\0', '\r', '\n');
}
