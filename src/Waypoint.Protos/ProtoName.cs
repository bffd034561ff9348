using System.Collections.Concurrent;
using Google.Protobuf;
using Waypoint.Protos.Declarations;

namespace Waypoint.Protos;

/// <summary>Full names of declared messages, such as `envoy.config.rbac.v3.RBAC`. The same as <c>Descriptor.FullName</c>, without bringing the descriptor of the file and of
/// every file it imports to life. Thread-safe.</summary>
public static class ProtoName
{
    private static readonly ConcurrentDictionary<Type, string> Names = new();

    /// <summary>The full name of <typeparamref name="T"/>.</summary>
    public static string Of<T>()
        where T : IMessage => Cache<T>.Name;

    /// <summary>The full name of a message's type.</summary>
    public static string Of(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Names.GetOrAdd(message.GetType(), Find);
    }

    private static string Find(Type type)
    {
        // The generator puts nested messages into a class "Types" of their holder.
        string path = type.FullName![(type.Namespace!.Length + 1)..].Replace("+Types+", ".", StringComparison.Ordinal);
        return DeclarationSet.PackageOf(type.Namespace) is { } package
            ? package + "." + path
            : throw new ArgumentException($"{type} is no message of the declared files.", nameof(type));
    }

    private static class Cache<T>
    {
        public static readonly string Name = Find(typeof(T));
    }
}
