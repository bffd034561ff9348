namespace Waypoint.Agent;

/// <summary>Whether the pod may get traffic. Each condition is set once by who owns it and never taken back, except that draining ends readiness for good:
/// a later loss of istiod must not make a serving proxy unready. Safe for concurrent use.</summary>
internal sealed class Readiness
{
    private const int Certificate = 1, Configuration = 2, Listening = 4, Draining = 8;
    private int _state;

    /// <summary>Certificate and trust bundle are in use.</summary>
    public void CertificatePresent() => Set(Certificate);

    /// <summary>The first clusters and listeners, with what they refer to, are applied.</summary>
    public void ConfigurationApplied() => Set(Configuration);

    /// <summary>15008 is bound.</summary>
    public void ListenersBound() => Set(Listening);

    /// <summary>Termination has begun.</summary>
    public void DrainBegun() => Set(Draining);

    /// <summary>All conditions hold.</summary>
    public bool IsReady => Volatile.Read(ref _state) == (Certificate | Configuration | Listening);

    /// <summary>What is missing, for the answer and the log; "ready" when nothing is.</summary>
    public string Describe()
    {
        var state = Volatile.Read(ref _state);
        if ((state & Draining) != 0)
            return "draining: the process was told to end";
        if (IsReady)
            return "ready";
        var missing = new List<string>();
        if ((state & Certificate) == 0)
            missing.Add("no certificate yet (is the certificate authority reachable, and the token valid?)");
        if ((state & Configuration) == 0)
            missing.Add("config not received from XDS server (is istiod running?)");
        if ((state & Listening) == 0)
            missing.Add("port 15008 is not open yet");
        return string.Join("; ", missing);
    }

    private void Set(int condition) => Interlocked.Or(ref _state, condition);
}
