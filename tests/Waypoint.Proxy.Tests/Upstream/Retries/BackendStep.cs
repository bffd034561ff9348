namespace Waypoint.Proxy.Tests.Upstream.Retries;

/// <summary>What a <see cref="ScriptedBackend"/> does with a request.</summary>
internal sealed record BackendStep(BackendStepKind Kind, string Text = "")
{
    /// <summary>Resets the connection before anything of an answer.</summary>
    public static BackendStep Reset { get; } = new(BackendStepKind.Reset);

    /// <summary>Closes the connection without an answer.</summary>
    public static BackendStep Close { get; } = new(BackendStepKind.Close);

    /// <summary>Never answers.</summary>
    public static BackendStep Silence { get; } = new(BackendStepKind.Silence);

    /// <summary>Sends the head and a part of the body, then resets the connection.</summary>
    public static BackendStep HalfAnswer { get; } = new(BackendStepKind.AnswerAndReset, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart");

    /// <summary>Answers with an empty body.</summary>
    public static BackendStep Status(int status, string headers = "") =>
        new(BackendStepKind.Answer, $"HTTP/1.1 {status} x\r\ncontent-length: 2\r\n{headers}\r\nok");
}
