using Waypoint.Protos.Scanning;

namespace Waypoint.Protos.Tests;

/// <summary>The lines of ignored-in-recordings.txt.</summary>
internal sealed class IgnoredContent
{
    private readonly HashSet<string> _keys = [];

    private IgnoredContent(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#')) continue;
            int keyWords = words[0] == "typeUrl" ? 2 : 3;
            Assert.True(words.Length > keyWords, $"'{line}' needs a reason");
            _keys.Add(string.Join(' ', words[..keyWords]));
        }
    }

    public static IgnoredContent Load() => new(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "ignored-in-recordings.txt")));

    public bool Contains(UndeclaredContent finding) => !finding.DecidesSecurity && _keys.Contains(KeyOf(finding));

    private static string KeyOf(UndeclaredContent finding) => finding.Kind switch
    {
        UndeclaredKind.Field when finding.Number == 0 => $"field {finding.MessageType} {finding.Detail}",
        UndeclaredKind.Field => $"field {finding.MessageType} {finding.Number}",
        UndeclaredKind.EnumValue => $"enum {finding.MessageType} {finding.Number}",
        UndeclaredKind.TypeUrl => $"typeUrl {finding.Detail}",
        _ => "never",
    };
}
