namespace Waypoint.Proxy.Upstream;

/// <summary>Stands between the forwarder, which allows no content but its own, and a pool: requests leave with the content, or as the message, that the attempt chose. Reused from attempt to attempt.</summary>
internal sealed class AttemptInvoker() : HttpMessageInvoker(NoHandler.Instance, disposeHandler: false)
{
    private HttpMessageInvoker? _pool;

    /// <summary>What is sent instead of the forwarder's content; null: that.</summary>
    public HttpContent? Content { get; set; }

    /// <summary>What is sent instead of the forwarder's message; null: that.</summary>
    public HttpRequestMessage? Message { get; set; }

    /// <summary>Prepares for one attempt.</summary>
    public AttemptInvoker On(HttpMessageInvoker? pool)
    {
        (_pool, Content, Message) = (pool, null, null);
        return this;
    }

    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpRequestMessage message = Message ?? request;
        message.Content = Content ?? request.Content;
        return _pool!.SendAsync(message, cancellationToken);
    }

    private sealed class NoHandler : HttpMessageHandler
    {
        public static readonly NoHandler Instance = new();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Requests go to the pool of an attempt.");
    }
}
