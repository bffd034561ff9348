using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos;

namespace Waypoint.Xds.Decoding;

/// <summary>Reads what an <c>Any</c> holds.</summary>
internal static class TypedConfig
{
    /// <summary>Full message name behind a type URL, or the whole text if it has no slash.</summary>
    public static string NameOf(Any any) => SharedText.Of(any.TypeUrl.AsSpan(any.TypeUrl.LastIndexOf('/') + 1));

    /// <summary>Parses the content as <typeparamref name="T"/>; another type or bytes that are none refuse the subject.</summary>
    public static bool TryRead<T>(this DecodeContext context, Any? any, string field, [NotNullWhen(true)] out T? message)
        where T : class, IMessage<T>, new()
    {
        message = null;
        var made = new T();
        if (any is null || NameOf(any) != ProtoName.Of<T>())
        {
            context.RefuseValue(field, any is null ? "absent" : $"of type '{NameOf(any)}'", ProtoName.Of<T>());
            return false;
        }

        if (!context.TryParse(any.Value, field, made))
            return false;
        message = made;
        return true;
    }

    /// <summary>Parses bytes into <paramref name="message"/>; bytes that are none refuse the subject.</summary>
    public static bool TryParse(this DecodeContext context, ByteString bytes, string field, IMessage message)
    {
        try
        {
            message.MergeFrom(bytes.Span);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            context.Refuse(field, $"the bytes are no {ProtoName.Of(message)}");
            return false;
        }
    }
}
