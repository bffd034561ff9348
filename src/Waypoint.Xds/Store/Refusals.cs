using System.Text;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Decoding;

namespace Waypoint.Xds.Store;

/// <summary>What was refused of one response, for its NACK.</summary>
internal sealed class Refusals
{
    /// <summary>istiod logs the text whole and keeps it per proxy: long enough for a dozen problems.</summary>
    private const int MaxChars = 4000;

    private readonly List<string> _messages = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>True if nothing was refused.</summary>
    public bool IsEmpty => _names.Count == 0;

    /// <summary>The messages, one for each refused part.</summary>
    public IReadOnlyList<string> Messages => _messages;

    /// <summary>Adds a refused resource, or a part of one.</summary>
    /// <param name="resource">Name of the resource (not of the part).</param>
    /// <param name="message">Subject, field, value and what is accepted.</param>
    public void Add(string resource, string message)
    {
        _names.Add(resource);
        _messages.Add(message);
    }

    /// <summary>The sentence for the problems of one resource.</summary>
    public static string Describe(DecodeContext context) => string.Join("; ", context.Problems.Select(static p => p.Message));

    /// <summary>What to answer.</summary>
    public AdsVerdict ToVerdict()
    {
        if (IsEmpty)
            return AdsVerdict.Ack;
        var text = new StringBuilder();
        int shown = 0;
        foreach (string message in _messages)
        {
            if (shown > 0 && text.Length + message.Length > MaxChars)
                break;
            text.Append(shown++ == 0 ? "" : "; ").Append(message);
        }

        if (text.Length > MaxChars)
            text.Length = MaxChars;
        if (shown < _messages.Count)
            text.Append($"; and {_messages.Count - shown} more");
        return AdsVerdict.Nack(text.Append(". Everything else is applied; what was refused keeps its last good version.").ToString(), _names);
    }
}
