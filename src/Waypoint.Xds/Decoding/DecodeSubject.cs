using System.Globalization;

namespace Waypoint.Xds.Decoding;

/// <summary>What is being decoded, in words. Nearly nothing is ever reported, so the sentence is written only when it is.</summary>
/// <param name="Format">The sentence, or a composite format for the names.</param>
/// <param name="First">The first name; null: the format is the sentence.</param>
/// <param name="Second">The second name.</param>
/// <param name="Third">The third name.</param>
internal readonly record struct DecodeSubject(string Format, string? First = null, string? Second = null, string? Third = null)
{
    /// <inheritdoc/>
    public override string ToString() => First is null ? Format : string.Format(CultureInfo.InvariantCulture, Format, First, Second, Third);
}
