namespace Waypoint.Xds.Decoding;

/// <summary>Decodes equal messages once: the retry policy, the filters or the transport socket of one service are those of the next. What had anything to say (a problem, an
/// ignored field) is decoded anew each time, so that it is said of every subject. Thread-safe.</summary>
/// <typeparam name="TMessage">A protobuf message or a repeated field, which compare by content; nobody changes one after it was parsed.</typeparam>
/// <typeparam name="TModel">An immutable type of the model that depends on nothing but the message.</typeparam>
internal sealed class SharedParts<TMessage, TModel>
    where TMessage : class
{
    /// <summary>Where there are more different ones than this, there is little to share; they are held as long as they are known.</summary>
    private const int Max = 64;

    private readonly Dictionary<TMessage, TModel> _known = [];

    /// <summary>What <paramref name="decode"/> makes of <paramref name="message"/>, or made of an equal one.</summary>
    public TModel Get(TMessage message, DecodeContext context, Func<TMessage, DecodeContext, TModel> decode)
    {
        lock (_known)
        {
            if (_known.TryGetValue(message, out TModel? known))
                return known;
        }

        int said = context.Remarks;
        TModel made = decode(message, context);
        if (context.Remarks != said)
            return made;
        lock (_known)
        {
            if (_known.Count >= Max)
                _known.Clear();
            _known[message] = made;
        }

        return made;
    }
}
