using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Waypoint.Demo;

/// <summary>What runs in the demo's pods: answers every request with what it saw, as JSON.</summary>
internal sealed class DemoApplication : IHttpApplication<IFeatureCollection>
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var body = Describe(context.GetRequiredFeature<IHttpRequestFeature>(), context.GetRequiredFeature<DemoPod>());
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.Headers.ContentType = "application/json";
        response.Headers.ContentLength = body.Length;
        await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(body, CancellationToken.None);
    }

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    private static byte[] Describe(IHttpRequestFeature request, DemoPod pod)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Indented))
        {
            json.WriteStartObject();
            json.WriteString("pod", pod.Name);
            json.WriteString("version", pod.Version);
            json.WriteString("reachedBy", pod.ReachedBy);
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
