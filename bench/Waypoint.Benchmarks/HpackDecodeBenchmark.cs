using BenchmarkDotNet.Attributes;
using Waypoint.Hbone.Hpack;

namespace Waypoint.Benchmarks;

/// <summary>The header block of a CONNECT: raw literals as our own side writes them, and indexed ones from a filled dynamic table.</summary>
public class HpackDecodeBenchmark
{
    private readonly HpackDecoder _decoder = new(HpackDecoder.DefaultTableSize);
    private readonly HeaderList _headers = new(16 << 10);
    private byte[] _literal = [];

    // Static :method GET twice as stand-ins for fields without text, then the two newest entries of the dynamic table.
    private readonly byte[] _indexed = [0x82, 0x82, 0xbe, 0xbf];

    [GlobalSetup]
    public void Setup()
    {
        var buffer = new byte[1024];
        int length = HpackEncoder.WriteIndexedName(buffer, 2, "CONNECT");
        length += HpackEncoder.WriteIndexedName(buffer.AsSpan(length), 1, "10.96.0.11:80");
        length += HpackEncoder.Write(buffer.AsSpan(length), "baggage", "k8s.cluster.name=Kubernetes,k8s.namespace.name=load,service.name=client,service.version=v1");
        length += HpackEncoder.Write(buffer.AsSpan(length), "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        _literal = buffer[..length];
        // Literal with incremental indexing: authority, then a new name.
        byte[] fill = [0x41, 13, .. "10.96.0.11:80"u8, 0x40, 7, .. "baggage"u8, 8, .. "k8s.a=bc"u8];
        if (!_decoder.TryDecode(fill, _headers) || Literals() != 4 || Indexed() != 4)
            throw new InvalidOperationException("The blocks are not what they should be.");
    }

    [Benchmark(Baseline = true)]
    public int Literals() => Decode(_literal);

    [Benchmark]
    public int Indexed() => Decode(_indexed);

    private int Decode(byte[] block)
    {
        _headers.Clear();
        return _decoder.TryDecode(block, _headers) ? _headers.Count : -1;
    }
}
