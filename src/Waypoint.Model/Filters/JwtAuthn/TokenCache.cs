using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>Tokens that were verified, by their SHA-256 hash: the tokens themselves are not kept. Of fixed size; a new token takes the place of one that has expired, or else
/// of the least recently used one of the few that share its row. Mutable and safe for concurrent use: reading takes no lock and does not allocate, and what a race loses
/// is verified again.</summary>
public sealed class TokenCache
{
    /// <summary>Tokens that are kept if the configuration does not say.</summary>
    public const int DefaultSize = 512;

    /// <summary>Most tokens that are kept, whatever the configuration says.</summary>
    public const int MaxSize = 16 * 1024;

    /// <summary>Longest token that is kept, in characters, as in Envoy.</summary>
    public const int MaxTokenLength = 4096;

    private const int Ways = 4;

    private readonly int _rows;
    private Entry?[]? _entries;

    /// <param name="size">Tokens to keep; rounded up.</param>
    public TokenCache(int size = DefaultSize) =>
        _rows = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(size, 1, MaxSize) / Ways + 1);

    /// <summary>The token as it was verified for <paramref name="provider"/> with exactly <paramref name="keys"/>; null if it was not.</summary>
    /// <param name="token">The whole token.</param>
    /// <param name="provider">Index of the provider.</param>
    /// <param name="keys">Its present keys; null: it has none.</param>
    /// <param name="now">Seconds since 1970; keeps the entry young.</param>
    /// <param name="read">A token with this text that was verified otherwise: it need not be read again.</param>
    public VerifiedToken? Find(ReadOnlySpan<char> token, int provider, KeySet? keys, ulong now, out Jwt? read)
    {
        read = null;
        if (Volatile.Read(ref _entries) is not { } entries || !TryHash(token, out var hash))
            return null;
        var row = Row(entries, hash);
        for (var i = 0; i < Ways; i++)
        {
            if (Volatile.Read(ref row[i]) is not { } entry || entry.Hash != hash)
                continue;
            if (entry.Verified.Provider == provider && ReferenceEquals(entry.Keys, keys))
            {
                if (entry.LastUsed != now)
                    entry.LastUsed = now;
                return entry.Verified;
            }

            read = entry.Verified.Token;
        }

        return null;
    }

    /// <summary>Keeps a token.</summary>
    public void Remember(ReadOnlySpan<char> token, VerifiedToken verified, KeySet keys, ulong now)
    {
        if (!TryHash(token, out var hash))
            return;
        var entries = Volatile.Read(ref _entries) ?? Interlocked.CompareExchange(ref _entries, new Entry?[_rows * Ways], null) ?? _entries!;
        var row = Row(entries, hash);
        var place = 0;
        var best = ulong.MaxValue;
        for (var i = 0; i < Ways; i++)
        {
            var worth = Worth(Volatile.Read(ref row[i]), hash, verified.Provider, now);
            if (worth < best)
            {
                best = worth;
                place = i;
            }
        }

        Volatile.Write(ref row[place], new Entry { Hash = hash, Verified = verified, Keys = keys, LastUsed = now });
    }

    /// <summary>How much is lost when the entry goes: what it replaces itself, nothing, an expired token, else the time of its last use.</summary>
    private static ulong Worth(Entry? entry, in TokenHash hash, int provider, ulong now)
    {
        if (entry is null)
            return 1;
        if (entry.Hash == hash && entry.Verified.Provider == provider)
            return 0;
        return entry.Verified.Token.ExpiresAt is > 0 and var expires && expires < now ? 2 : 3 + entry.LastUsed;
    }

    private static bool TryHash(ReadOnlySpan<char> token, out TokenHash hash)
    {
        hash = default;
        if (token.Length > MaxTokenLength)
            return false;
        Span<byte> bytes = stackalloc byte[MaxTokenLength];
        if (Ascii.FromUtf16(token, bytes, out var length) != OperationStatus.Done)
            return false;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], digest);
        hash = new TokenHash(BitConverter.ToUInt64(digest), BitConverter.ToUInt64(digest[8..]), BitConverter.ToUInt64(digest[16..]), BitConverter.ToUInt64(digest[24..]));
        return true;
    }

    private Span<Entry?> Row(Entry?[] entries, in TokenHash hash) => entries.AsSpan((int)(hash.First & (uint)(_rows - 1)) * Ways, Ways);

    private readonly record struct TokenHash(ulong First, ulong Second, ulong Third, ulong Fourth);

    private sealed class Entry
    {
        internal required TokenHash Hash { get; init; }

        internal required VerifiedToken Verified { get; init; }

        internal required KeySet Keys { get; init; }

        // A torn or lost write makes an entry a little older than it is.
        internal ulong LastUsed { get; set; }
    }
}
