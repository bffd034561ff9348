namespace Waypoint.Model.Failures;

/// <summary>How response flags are written.</summary>
public static class ResponseFlags
{
    /// <summary>Written where there is no flag.</summary>
    public const string None = "-";

    private static readonly string[] ShortNames =
    [
        "LH", "UH", "UT", "LR", "UR", "UF", "UC", "UO", "NR", "DI", "FI", "RL", "UAEX", "RLSE", "DC", "URX", "SI", "IH", "DPE", "UMSDR", "RFCF", "NFCF", "DT",
        "UPE", "NC", "OM", "DF", "DO", "DR", "UDO"
    ];

    /// <summary>The short form, such as <c>URX</c>.</summary>
    public static string Short(ResponseFlag flag) => ShortNames[(int)flag];

    /// <summary>The long form, such as <c>UpstreamRetryLimitExceeded</c>.</summary>
    public static string Long(ResponseFlag flag) => flag == ResponseFlag.OverloadManager ? "OverloadManagerTerminated" : flag.ToString();

    /// <summary>The flag of a short form; null for one that is not known or empty.</summary>
    public static ResponseFlag? Find(string shortName) => Array.IndexOf(ShortNames, shortName) is >= 0 and var index ? (ResponseFlag)index : null;

    /// <summary>Several flags with commas between, in their order whatever order they come in; <see cref="None"/> for none.</summary>
    public static string Join(IEnumerable<ResponseFlag> flags, bool longForm)
    {
        var text = string.Join(',', flags.Order().Select(flag => longForm ? Long(flag) : Short(flag)));
        return text.Length > 0 ? text : None;
    }
}
