using System.Buffers;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>Checks the tokens of one request against one requirement. What it does to the request is collected first and done once the result stands, so that an
/// evaluation which lacks keys leaves no trace and is simply run again. A token that was verified before costs no allocation.</summary>
internal ref struct JwtEvaluation<THeaders> : ITokenChecks
    where THeaders : struct, IMutableHeaders
{
    private const int FirstEffects = 8;

    private readonly IReadOnlyList<JwtProviderConfig> _providers;
    private readonly IProviderKeys _keys;
    private readonly ReadOnlySpan<KeySetAnswer> _fetched;
    private readonly ulong _now;
    private readonly FoundToken[] _tokens;
    private THeaders _headers;
    private JwtEffect[] _effects;
    private int _effectCount;

    /// <param name="providers">The filter's providers.</param>
    /// <param name="keys">Their keys and known tokens.</param>
    /// <param name="fetched">What was fetched for this request, by provider; empty: nothing was.</param>
    /// <param name="headers">The request.</param>
    /// <param name="now">Seconds since 1970.</param>
    internal JwtEvaluation(IReadOnlyList<JwtProviderConfig> providers, IProviderKeys keys, ReadOnlySpan<KeySetAnswer> fetched, THeaders headers, ulong now)
    {
        _providers = providers;
        _keys = keys;
        _fetched = fetched;
        _headers = headers;
        _now = now;
        _tokens = ArrayPool<FoundToken>.Shared.Rent(TokenLocations.MaxTokens);
        _effects = ArrayPool<JwtEffect>.Shared.Rent(FirstEffects);
    }

    /// <summary>The provider whose keys are missing; null if none are.</summary>
    internal int? MissingKeys { get; private set; }

    /// <inheritdoc/>
    public JwtStatus? Check(TokenRequirement requirement)
    {
        if (requirement.Locations.OwnHeaders.Count > 0)
            Add(new JwtEffect { Sanitized = requirement.Locations });
        var tokens = _tokens.AsSpan(0, TokenLocations.MaxTokens);
        var count = WithoutRemoved(tokens, requirement.Locations.Extract(_headers, tokens));

        // The last provider that a token was looked at for: failures are noted for it.
        var provider = requirement.Provider is { } fixedProvider && count > 0 ? fixedProvider : -1;
        if (count == 0)
            return End(requirement, JwtStatus.JwtMissed, provider);
        if (count > tokens.Length)
            return End(requirement, JwtStatus.JwtMultipleTokens, provider);
        while (true)
        {
            var token = tokens[--count];
            var status = CheckToken(requirement, token, ref provider);
            if (status is null)
                return null;
            if (count == 0 || (status != JwtStatus.Ok && !requirement.AllowFailed && !requirement.AllowMissing))
                return End(requirement, status.Value, provider);
            NoteFailure(status.Value, provider);
        }
    }

    /// <summary>Does to the request what was collected. To be called once, when the result stands.</summary>
    /// <param name="headers">The request.</param>
    /// <param name="metadata">Takes claims and failures.</param>
    /// <param name="passes">Claims are left only for a request that passes.</param>
    /// <returns>True if the route has to be chosen again.</returns>
    internal readonly bool Apply(ref THeaders headers, DynamicMetadata metadata, bool passes)
    {
        var changesRoute = false;
        for (var i = 0; i < _effectCount; i++)
        {
            ref readonly var effect = ref _effects[i];
            if (effect.Sanitized is { } locations)
            {
                for (var j = 0; j < locations.OwnHeaders.Count; j++)
                    headers.Remove(locations.OwnHeaders[j]);
            }
            else if (effect.Accepted is { } token)
            {
                Accept(token, effect.From!, ref headers);
                if (passes && token.Metadata is { } claims)
                    metadata.Merge(JwtAuthnFilterConfig.MetadataName, claims);
                changesRoute |= token.ChangesRoute;
            }
            else
            {
                metadata.Set(JwtAuthnFilterConfig.MetadataName, effect.FailureKey!, MetadataValue.Of([
                    KeyValuePair.Create("code", MetadataValue.Of((double)effect.Failure)),
                    KeyValuePair.Create("message", MetadataValue.Of(JwtStatusText.Of(effect.Failure)))]));
            }
        }

        return changesRoute;
    }

    /// <summary>Gives the buffers back.</summary>
    internal readonly void Dispose()
    {
        // They hold parts of requests: no token may be seen by whoever rents them next.
        ArrayPool<FoundToken>.Shared.Return(_tokens, clearArray: true);
        ArrayPool<JwtEffect>.Shared.Return(_effects, clearArray: true);
    }

    private static void Accept(VerifiedToken token, TokenLocation from, ref THeaders headers)
    {
        if (token.PayloadHeader is { } payload)
            headers.Append(token.Config.ForwardPayloadHeader, payload);
        for (var i = 0; i < token.ClaimHeaders.Count; i++)
            headers.Append(token.ClaimHeaders[i].Key, token.ClaimHeaders[i].Value);
        if (!token.Config.Forward)
            from.Remove(ref headers);
    }

    /// <summary>Null: keys are missing.</summary>
    private JwtStatus? CheckToken(TokenRequirement requirement, in FoundToken token, ref int provider)
    {
        Jwt? jwt = null;
        var verified = requirement.Provider is { } known ? _keys.Find(token.Text.Span, known, out jwt) : null;
        jwt = verified?.Token ?? jwt;
        if (jwt is null && Jwt.Parse(token.Text.Span, out jwt) is var parsed && jwt is null)
            return parsed;
        if (!token.Location.AllowsIssuer(jwt.Issuer))
            return JwtStatus.JwtUnknownIssuer;
        if (requirement.Provider is null)
        {
            provider = FindByIssuer(jwt.Issuer);
            if (provider < 0)
                return JwtStatus.JwtUnknownIssuer;
            verified = _keys.Find(token.Text.Span, provider, out _);
        }

        var config = _providers[provider];
        var claims = CheckClaims(jwt, config, requirement.Audiences ?? config.Audiences);
        if (claims != JwtStatus.Ok)
            return claims;
        if (verified is null)
        {
            var answer = _fetched.Length > provider && !_fetched[provider].IsPending ? _fetched[provider] : _keys.Current(provider);
            if (answer.IsPending)
            {
                MissingKeys ??= provider;
                return null;
            }

            if (answer.Keys is null)
                return answer.Failure;
            var signature = answer.Keys.Verify(jwt);
            if (signature != JwtStatus.Ok)
                return signature;
            verified = VerifiedToken.Create(jwt, provider, config);
            _keys.Remember(token.Text.Span, verified, answer.Keys, _now);
        }

        Add(new JwtEffect { Accepted = verified, From = token.Location });
        return JwtStatus.Ok;
    }

    private readonly JwtStatus CheckClaims(Jwt jwt, JwtProviderConfig config, AudienceSet audiences)
    {
        if (config.Subjects is { } subjects && !subjects.Matches(jwt.Subject))
            return JwtStatus.JwtVerificationFail;
        var time = jwt.CheckTime(_now, config.ClockSkewSeconds);
        if (time != JwtStatus.Ok)
            return time;
        if (!IsLifetimeAllowed(jwt, config))
            return JwtStatus.JwtVerificationFail;
        return audiences.Allows(jwt.Audiences) ? JwtStatus.Ok : JwtStatus.JwtAudienceNotAllowed;
    }

    private readonly bool IsLifetimeAllowed(Jwt jwt, JwtProviderConfig config)
    {
        if (config.MaxLifetime is null)
            return !config.RequireExpiration || jwt.ExpiresAt != 0;
        return jwt.ExpiresAt != 0 && (jwt.ExpiresAt <= _now || jwt.ExpiresAt - _now < config.MaxLifetime.Value.TotalSeconds);
    }

    /// <summary>The first provider with that issuer, else the first that takes every issuer; -1 if there is none.</summary>
    private readonly int FindByIssuer(string issuer)
    {
        var any = -1;
        for (var i = 0; i < _providers.Count; i++)
        {
            if (_providers[i].Issuer == issuer)
                return i;
            if (any < 0 && _providers[i].Issuer.Length == 0)
                any = i;
        }

        return any;
    }

    /// <summary>A token that an earlier part of the requirement takes out of the request is no longer there for later ones.</summary>
    private readonly int WithoutRemoved(Span<FoundToken> tokens, int count)
    {
        if (_effectCount == 0 || count > tokens.Length)
            return count;
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (!IsRemoved(tokens[i].Location))
                tokens[kept++] = tokens[i];
        }

        return kept;
    }

    private readonly bool IsRemoved(TokenLocation location)
    {
        for (var i = 0; i < _effectCount; i++)
        {
            if (_effects[i] is { Accepted.Config.Forward: false, From: { } from } && from.Place == location.Place && from.Name == location.Name && location.Place != TokenPlace.Cookie)
                return true;
        }

        return false;
    }

    private JwtStatus End(TokenRequirement requirement, JwtStatus status, int provider)
    {
        NoteFailure(status, provider);
        return requirement.AllowFailed || (requirement.AllowMissing && status == JwtStatus.JwtMissed) ? JwtStatus.Ok : status;
    }

    private void NoteFailure(JwtStatus status, int provider)
    {
        if (status == JwtStatus.Ok)
            return;
        var key = provider >= 0 ? _providers[provider].FailedStatusInMetadata : _providers.Count == 1 ? _providers[0].FailedStatusInMetadata : "";
        if (key.Length > 0)
            Add(new JwtEffect { FailureKey = key, Failure = status });
    }

    private void Add(in JwtEffect effect)
    {
        if (_effectCount == _effects.Length)
        {
            var larger = ArrayPool<JwtEffect>.Shared.Rent(_effects.Length * 2);
            _effects.AsSpan().CopyTo(larger);
            ArrayPool<JwtEffect>.Shared.Return(_effects, clearArray: true);
            _effects = larger;
        }

        _effects[_effectCount++] = effect;
    }
}
