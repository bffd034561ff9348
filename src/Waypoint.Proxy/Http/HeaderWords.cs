using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Waypoint.Proxy.Http;

/// <summary>Header names whose words begin with a capital (<c>proper_case_words</c>), for old clients that compare names as they stand.</summary>
internal static class HeaderWords
{
    /// <summary>Has the response's names written so, once all of them are known.</summary>
    public static void UseInResponse(HttpResponse response) => response.OnStarting(
        static state =>
        {
            Apply(((HttpResponse)state).Headers);
            return Task.CompletedTask;
        },
        response);

    /// <summary>The name with a capital after everything that is no letter or digit.</summary>
    public static string Format(string name) => string.Create(name.Length, name, static (target, source) =>
    {
        bool first = true;
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = first ? char.ToUpperInvariant(source[i]) : char.ToLowerInvariant(source[i]);
            first = !char.IsAsciiLetterOrDigit(source[i]);
        }
    });

    private static void Apply(IHeaderDictionary headers)
    {
        KeyValuePair<string, StringValues>[] all = [.. headers];
        foreach (KeyValuePair<string, StringValues> header in all)
        {
            string name = Format(header.Key);
            if (name != header.Key && header.Value.Count > 0)
            {
                headers.Remove(header.Key);
                headers[name] = header.Value;
            }
        }
    }
}
