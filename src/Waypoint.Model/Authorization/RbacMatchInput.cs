using System.Globalization;
using System.Net;

namespace Waypoint.Model.Authorization;

/// <summary>An input of a matcher tree.</summary>
/// <param name="Kind">What is looked at.</param>
/// <param name="Key">Header name (lower case) or filter state key; else empty.</param>
public sealed record RbacMatchInput(RbacMatchInputKind Kind, string Key = "")
{
    /// <summary>Room that the longest address needs.</summary>
    internal const int ScratchLength = 64;

    /// <summary>The input's address, for inputs that are one.</summary>
    internal IPAddress? ReadAddress<TContext>(in TContext context)
        where TContext : struct, IAuthorizationView
        => Kind switch
        {
            RbacMatchInputKind.DestinationAddress => context.DestinationAddress,
            RbacMatchInputKind.SourceAddress => context.RemoteAddress ?? context.SourceAddress,
            RbacMatchInputKind.DirectSourceAddress => context.DirectRemoteAddress ?? context.SourceAddress,
            _ => null,
        };

    /// <summary>The input as text.</summary>
    /// <returns>False if there is nothing to look at; then no comparison holds.</returns>
    internal bool TryRead<TContext>(in TContext context, Span<char> scratch, out ReadOnlySpan<char> value)
        where TContext : struct, IAuthorizationView
    {
        int written;
        switch (Kind)
        {
            case RbacMatchInputKind.DestinationPort or RbacMatchInputKind.SourcePort:
                int port = Kind == RbacMatchInputKind.DestinationPort ? context.DestinationPort : context.SourcePort;
                _ = port.TryFormat(scratch, out written, default, CultureInfo.InvariantCulture);
                value = scratch[..written];
                return true;
            case RbacMatchInputKind.DestinationAddress or RbacMatchInputKind.SourceAddress or RbacMatchInputKind.DirectSourceAddress:
                IPAddress? address = ReadAddress(in context);
                written = 0;
                _ = address?.TryFormat(scratch, out written);
                value = scratch[..written];
                return written > 0;
            default:
                string? text = ReadText(in context);
                value = text;
                return text is not null;
        }
    }

    private string? ReadText<TContext>(in TContext context)
        where TContext : struct, IAuthorizationView
        => Kind switch
        {
            RbacMatchInputKind.Header => ReadHeader(in context),
            RbacMatchInputKind.FilterState => context.FilterState?.GetText(Key),
            RbacMatchInputKind.ServerName => NullIfEmpty(context.RequestedServerName),
            RbacMatchInputKind.Subject => context.IsTls ? NullIfEmpty(context.PeerSubject) : null,
            RbacMatchInputKind.UriSan => context.IsTls ? ReadSans(context.UriSanCount, uri: true, in context) : null,
            RbacMatchInputKind.DnsSan => context.IsTls ? ReadSans(context.DnsSanCount, uri: false, in context) : null,
            _ => null,
        };

    private string? ReadHeader<TContext>(in TContext context)
        where TContext : struct, IAuthorizationView
    {
        int count = context.Count(Key);
        return count switch
        {
            0 => null,
            1 => context.Get(Key, 0),
            _ => HeaderText.Join(Key, count, in context),
        };
    }

    private static string? ReadSans<TContext>(int count, bool uri, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        string? joined = null;
        for (int i = 0; i < count; i++)
        {
            string name = uri ? context.GetUriSan(i) : context.GetDnsSan(i);
            joined = joined is null ? name : joined + "," + name;
        }

        return joined;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
