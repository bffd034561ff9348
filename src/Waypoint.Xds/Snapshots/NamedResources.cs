using Google.Protobuf;
using Waypoint.Model.Hashing;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Store;

namespace Waypoint.Xds.Snapshots;

/// <summary>Types that are subscribed to name by name and held as they are: route tables and extensions.</summary>
internal static class NamedResources
{
    /// <summary>Takes a response over.</summary>
    public static void Apply<T>(
        AdsResponse response, LastGood<T> store, Func<string, ByteString, Decoded<T>> decode, Refusals refusals, Action<DecodeContext> decoded)
        where T : class
    {
        foreach (AdsResource resource in response.Resources)
        {
            ContentHash hash = ContentHash.Of(resource.Value.Span);
            if (!store.IsUnchanged(resource.Name, hash))
            {
                Decoded<T> result = decode(resource.Name, resource.Value);
                decoded(result.Context);
                if (result.Value is { } value)
                    store.Accept(resource.Name, hash, value);
                else
                    store.Refuse(resource.Name, hash, Refusals.Describe(result.Context));
            }

            if (store.RefusalOf(resource.Name) is { } refusal)
                refusals.Add(resource.Name, refusal);
        }

        foreach (string name in response.RemovedNames)
            store.Remove(name);
    }

    /// <summary>Subscribes to exactly the names that are referred to, and forgets what is not.</summary>
    public static void Follow<T>(string typeUrl, HashSet<string> needed, LastGood<T> store, IAdsSubscriptions subscriptions)
        where T : class
    {
        subscriptions.SetNames(typeUrl, needed);
        foreach (string name in store.Names.Where(name => !needed.Contains(name)).ToArray())
            store.Remove(name);
    }
}
