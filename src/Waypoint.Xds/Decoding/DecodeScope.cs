namespace Waypoint.Xds.Decoding;

/// <summary>One level of the path of a <see cref="DecodeContext"/>; left by <see cref="Dispose"/>, in the reverse order of entering.</summary>
public readonly ref struct DecodeScope
{
    private readonly DecodeContext _context;
    private readonly DecodeSubject? _outerSubject;

    internal DecodeScope(DecodeContext context, DecodeSubject? outerSubject)
    {
        _context = context;
        _outerSubject = outerSubject;
    }

    /// <summary>Goes back up.</summary>
    public void Dispose() => _context.Leave(_outerSubject);
}
