using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Waypoint.Model.Authorization;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Hashing;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Listeners;

namespace Waypoint.Conformance.Tests.Recordings;

/// <summary>Nothing in a security filter passes unseen: what a real istiod sent, changed in one place, is refused by a name that leads to the place. A run takes a sample;
/// WAYPOINT_MUTATIONS=all takes every change, WAYPOINT_FUZZ_SEED repeats a sample.</summary>
public sealed class SecurityMutationTests(ITestOutputHelper output)
{
    private const int Sample = 2500;

    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_FUZZ_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : Random.Shared.Next();
    private readonly bool _all = Environment.GetEnvironmentVariable("WAYPOINT_MUTATIONS") == "all";

    [Fact]
    public void Decode_SecurityPartsChanged_RefusedByNameOrStillWhole()
    {
        List<(Subject Subject, SecurityMutation Mutation)> chosen = Choose();
        var counts = new Dictionary<SecurityMutationKind, int>();
        int refused = 0;
        foreach ((Subject subject, SecurityMutation mutation) in chosen)
        {
            counts[mutation.Kind] = counts.GetValueOrDefault(mutation.Kind) + 1;
            (IReadOnlyList<DecodeProblem> problems, object? model) = subject.Decode(mutation.Make());
            string what = $"seed {_seed}: {subject.Name}, {mutation.Kind} at {mutation.Text}";
            if (problems.Count > 0)
                refused++;
            Check(subject, mutation, problems, model, what);
        }

        output.WriteLine($"seed {_seed}: {chosen.Count} changes ({string.Join(", ", counts.Select(static c => $"{c.Value} {c.Key}"))}), {refused} refused");
    }

    private static void Check(Subject subject, SecurityMutation mutation, IReadOnlyList<DecodeProblem> problems, object? model, string what)
    {
        string text = string.Join("; ", problems);
        switch (mutation.Kind)
        {
            case SecurityMutationKind.UnknownField:
                Assert.True(problems.Count > 0 && text.Contains("8000", StringComparison.Ordinal), $"{what}: {(text.Length == 0 ? "accepted" : text)}");
                break;
            case SecurityMutationKind.UnknownValue:
                Assert.True(problems.Count > 0 && text.Contains("12345", StringComparison.Ordinal), $"{what}: {(text.Length == 0 ? "accepted" : text)}");
                break;
            case SecurityMutationKind.UnknownType:
                Assert.True(problems.Count > 0 && text.Contains("unknown.example.Thing", StringComparison.Ordinal), $"{what}: {(text.Length == 0 ? "accepted" : text)}");
                break;
            default:
                // Another configuration, and perhaps a good one: but then nothing of it was dropped on the way.
                Assert.True(problems.Count > 0 || model is not null, what);
                if (problems.Count == 0)
                    Assert.True(SecurityFilters(model) == subject.SecurityFilters, $"{what}: a filter is gone");
                break;
        }
    }

    private List<(Subject Subject, SecurityMutation Mutation)> Choose()
    {
        List<(Subject Subject, SecurityMutation Mutation)> every = [.. Subjects().SelectMany(static subject => new SecurityMutations(subject.Type, subject.Bytes).All().Select(m => (subject, m)))];
        if (every.Count == 0)
            Assert.Skip("recordings are absent: set WAYPOINT_RECORDINGS");
        output.WriteLine($"{every.Count} changes are possible");
        if (_all || every.Count <= Sample)
            return every;
        (Subject, SecurityMutation)[] shuffled = [.. every];
        new Random(_seed).Shuffle(shuffled);
        return [.. shuffled.Take(Sample)];
    }

    /// <summary>Chains of <c>main_internal</c> and the listener of the tunnels, each content once, that load as they are.</summary>
    private static List<Subject> Subjects()
    {
        var subjects = new Dictionary<ByteString, Subject>();
        foreach (Recording recording in Recording.FindAll())
        {
            foreach (DeltaDiscoveryResponse response in recording.Responses().Where(static r => r.TypeUrl == XdsTypeUrls.Listener))
            {
                foreach (Resource resource in response.Resources)
                    AddSubjects(recording.Name, resource, subjects);
            }
        }

        return [.. subjects.Values.Where(static subject => subject.Decode(subject.Bytes).Problems.Count == 0)];
    }

    private static void AddSubjects(string recording, Resource resource, Dictionary<ByteString, Subject> subjects)
    {
        if (resource.Name == FixedNames.ConnectTerminate)
        {
            subjects.TryAdd(resource.Resource_.Value, new Subject($"{recording} {resource.Name}", Listener.Descriptor, resource.Resource_.Value, static bytes =>
            {
                var decoded = ResourceDecoder.Listener(FixedNames.ConnectTerminate, bytes);
                return (decoded.Context.Problems, decoded.Value);
            }));
        }

        if (resource.Name != FixedNames.MainInternal)
            return;
        foreach (FilterChain chain in Listener.Parser.ParseFrom(resource.Resource_.Value).FilterChains)
        {
            ByteString bytes = chain.ToByteString();
            subjects.TryAdd(bytes, new Subject($"{recording} {chain.Name}", FilterChain.Descriptor, bytes, changed =>
            {
                var decoded = FilterChainDecoder.Decode(chain.Name, changed.Span, new ContentHash(0, 1));
                return (decoded.Context.Problems, decoded.Value);
            }));
        }
    }

    private static int SecurityFilters(object? model) => model is DecodedChain { Chain: { } chain }
        ? (chain.Http?.Filters.Count(static f => f is RbacFilterConfig or ExtAuthzFilterConfig) ?? 0) + chain.NetworkFilters.Count(static f => f is NetworkRbacFilterConfig or NetworkExtAuthzFilterConfig)
        : 0;

    private sealed record Subject(string Name, MessageDescriptor Type, ByteString Bytes, Func<ByteString, (IReadOnlyList<DecodeProblem> Problems, object? Model)> Decode)
    {
        public int SecurityFilters { get; } = SecurityFilters(Decode(Bytes).Model);
    }
}
