namespace Waypoint.Xds.Decoding;

/// <summary>What became of one serialised resource: the model of it, and what there was to say.</summary>
/// <typeparam name="T">A type of the model.</typeparam>
/// <param name="Value">Null if there are problems.</param>
/// <param name="Context">Problems and ignored fields.</param>
internal readonly record struct Decoded<T>(T? Value, DecodeContext Context)
    where T : class;
