namespace Waypoint.Model.FilterChains;

/// <summary>What becomes of the response header <c>server</c> (<c>HttpConnectionManager.ServerHeaderTransformation</c>).</summary>
public enum ServerHeaderMode
{
    /// <summary>Always our own name.</summary>
    Overwrite,

    /// <summary>Our own name if the upstream sent none.</summary>
    AppendIfAbsent,

    /// <summary>As the upstream sent it.</summary>
    PassThrough,
}
