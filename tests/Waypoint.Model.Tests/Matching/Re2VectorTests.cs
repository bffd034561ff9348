using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Matching;

/// <summary>RE2's own search tests, as published with another of its ports.</summary>
public sealed class Re2VectorTests
{
    private const string Variable = "WAYPOINT_UPSTREAM";

    /// <summary>Syntax that is refused on purpose.</summary>
    private static readonly string[] Refused = [@"\C", "{Greek}", "{^Greek}"];

    [Fact]
    public void Match_SearchVectors_SameAsRe2()
    {
        if (FindFile() is not { } file)
        {
            Assert.Skip($"no RE2 vectors: set {Variable} to the folder of the upstream data");
            return;
        }

        var differences = new List<string>();
        var compared = 0;
        foreach (var (pattern, texts, results) in Read(file))
        {
            if (Array.Exists(Refused, pattern.Contains))
                continue;
            if (!Re2Pattern.TryCompile(pattern, wholeInput: true, out var whole, out var problem)
                || !Re2Pattern.TryCompile(pattern, wholeInput: false, out var part, out problem))
            {
                differences.Add($"{pattern}: {problem}");
                continue;
            }

            for (var i = 0; i < texts.Count; i++)
            {
                // What differs by design: word boundaries beside letters beyond ASCII.
                if (pattern.Contains(@"\b", StringComparison.OrdinalIgnoreCase) && !Ascii.IsValid(texts[i]))
                    continue;
                compared++;
                var expected = results[i].Split(';');
                Compare(pattern, texts[i], whole.Match(texts[i]), expected[0], differences);
                Compare(pattern, texts[i], part.Match(texts[i]), expected[1], differences);
            }
        }

        Assert.Empty(differences);
        Assert.True(compared > 500, $"only {compared} results compared");
    }

    private static void Compare(string pattern, string text, Match match, string expected, List<string> differences)
    {
        var found = !match.Success ? "-" : string.Join(' ', match.Groups.Values.Select(group => Span(group, text)));
        if (found != expected)
            differences.Add($"{pattern} on '{text}': {found} instead of {expected}");
    }

    /// <summary>RE2 counts bytes.</summary>
    private static string Span(Group group, string text)
    {
        if (!group.Success)
            return "-";
        var start = Encoding.UTF8.GetByteCount(text.AsSpan(0, group.Index));
        return string.Create(CultureInfo.InvariantCulture, $"{start}-{start + Encoding.UTF8.GetByteCount(group.ValueSpan)}");
    }

    private static IEnumerable<(string Pattern, List<string> Texts, List<string> Results)> Read(string file)
    {
        var texts = new List<string>();
        var inTexts = false;
        string? pattern = null;
        var results = new List<string>();
        foreach (var line in File.ReadLines(file))
        {
            if (pattern is not null && results.Count == texts.Count)
            {
                yield return (pattern, texts, results);
                pattern = null;
                results = [];
            }

            if (line == "strings")
            {
                inTexts = true;
                texts = [];
            }
            else if (line == "regexps")
            {
                inTexts = false;
            }
            else if (line.StartsWith('"'))
            {
                if (inTexts)
                    texts.Add(Unquote(line));
                else
                    pattern = Unquote(line);
            }
            else if (pattern is not null)
            {
                results.Add(line);
            }
        }
    }

    private static string Unquote(string line) => Regex.Replace(line[1..^1], @"\\(x[0-9a-f]{2}|.)", static escape => escape.Groups[1].Value switch
    {
        "n" => "\n",
        "t" => "\t",
        ['x', .. var hex] => ((char)int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString(),
        var other => other,
    });

    private static string? FindFile()
    {
        const string Relative = "re2j/testdata/re2-search.txt";
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return File.Exists(Path.Combine(named, Relative)) ? Path.Combine(named, Relative) : null;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var file = Path.Combine(at.FullName, "..", "shared", "upstream", Relative);
            if (File.Exists(Path.Combine(at.FullName, "Waypoint.sln")) && File.Exists(file))
                return file;
        }

        return null;
    }
}
