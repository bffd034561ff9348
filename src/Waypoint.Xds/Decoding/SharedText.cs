using System.Text;

namespace Waypoint.Xds.Decoding;

/// <summary>Keeps one object for equal texts. A parser makes a new string for every field it meets, and the name of a service stands in its cluster, its endpoints, its chain and
/// its routes: of a mesh of 5,000 services most of the memory would be copies. Thread-safe.</summary>
internal static class SharedText
{
    /// <summary>Texts that are known at most; beyond, all are forgotten, which costs memory and nothing else. Enough for 10,000 ports.</summary>
    private const int MaxTexts = 1 << 17;

    /// <summary>Longer ones rarely occur twice.</summary>
    private const int MaxChars = 256;

    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal);
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> KnownSpans = Known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The one object for this text; itself if it is the first.</summary>
    public static string Of(string text)
    {
        if (text.Length is 0 or > MaxChars)
            return text;
        lock (Gate)
        {
            if (Known.TryGetValue(text, out string? known))
                return known;
            Add_Locked(text);
            return text;
        }
    }

    /// <summary>The one object for this text; it is only made if it is the first.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxChars)
            return text.ToString();
        lock (Gate)
        {
            if (KnownSpans.TryGetValue(text, out string? known))
                return known;
            string made = text.ToString();
            Add_Locked(made);
            return made;
        }
    }

    /// <summary>The one object for this UTF-8 text; bytes that are none become replacement characters.</summary>
    public static string OfUtf8(ReadOnlySpan<byte> text)
    {
        // A character takes a byte or more.
        if (text.Length > MaxChars)
            return Encoding.UTF8.GetString(text);
        Span<char> chars = stackalloc char[MaxChars];
        return Of(chars[..Encoding.UTF8.GetChars(text, chars)]);
    }

    private static void Add_Locked(string text)
    {
        if (Known.Count >= MaxTexts)
            Known.Clear();
        Known.Add(text);
    }
}
