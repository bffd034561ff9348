using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Waypoint.Demo;

/// <summary>One pod of the demo's service: answers every request with what it saw, as JSON.</summary>
internal sealed class DemoPod(string name, string version) : IHttpApplication<IFeatureCollection>
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        var body = Describe(request, context.Get<DemoPeer>()?.Principal ?? "unknown");
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.Headers.ContentType = "application/json";
        response.Headers.ContentLength = body.Length;
        await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(body, CancellationToken.None);
    }

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    private byte[] Describe(IHttpRequestFeature request, string principal)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Indented))
        {
            json.WriteStartObject();
            json.WriteString("pod", name);
            json.WriteString("version", version);
            json.WriteString("reachedBy", principal);
            json.WriteString("method", request.Method);
            json.WriteString("path", request.RawTarget);
            json.WriteStartObject("headers");
            foreach (var (header, value) in request.Headers)
                json.WriteString(header, value.ToString());
            json.WriteEndObject();
            json.WriteEndObject();
        }
        text.WriteByte((byte)'\n');
        return text.ToArray();
    }
}
