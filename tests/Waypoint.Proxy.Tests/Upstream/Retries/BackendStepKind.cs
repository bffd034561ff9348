namespace Waypoint.Proxy.Tests.Upstream.Retries;

internal enum BackendStepKind
{
    Answer,
    AnswerAndReset,
    Reset,
    Close,
    Silence,
}
