namespace Waypoint.Protos.Scanning;

/// <summary>One piece of a message that this assembly's declarations do not cover.</summary>
/// <param name="Kind">What is not understood.</param>
/// <param name="Path">
/// Where, from the scanned message down, by proto field names: `filter_chains[3].filters[0].typed_config.http_filters[1]`.
/// Map entries stand by their key, an Any's content directly below the Any. Empty for the scanned message itself.
/// </param>
/// <param name="MessageType">Full name of the message that contains the piece.</param>
/// <param name="Number">The field number; 0 inside a TypedStruct, which has names only, and where no field is concerned.</param>
/// <param name="Detail">The field name in a TypedStruct, the enum value with its enum, the type URL; empty otherwise.</param>
/// <param name="DecidesSecurity">
/// The containing message decides what is allowed or where a request goes (<see cref="StrictTypes"/>): whoever decodes it must refuse it.
/// </param>
public sealed record UndeclaredContent(UndeclaredKind Kind, string Path, string MessageType, int Number, string Detail, bool DecidesSecurity)
{
    /// <summary>One clause for a NACK or a log line.</summary>
    public override string ToString()
    {
        string where = Path.Length == 0 ? MessageType : $"{Path} ({MessageType})";
        return Kind switch
        {
            UndeclaredKind.Field when Number == 0 => $"{where}: field '{Detail}' is not known",
            UndeclaredKind.Field => $"{where}: field {Number} is not known",
            UndeclaredKind.EnumValue => $"{where}: field {Number} has the unknown value {Detail}",
            UndeclaredKind.TypeUrl => $"{where}: type '{Detail}' is not known",
            UndeclaredKind.TooDeep => $"{where}: nested deeper than {UndeclaredFieldScanner.MaxDepth} messages",
            _ => $"{where}: malformed bytes",
        };
    }
}
