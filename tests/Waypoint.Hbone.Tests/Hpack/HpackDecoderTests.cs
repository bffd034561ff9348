using System.Text;
using Waypoint.Hbone.Hpack;

namespace Waypoint.Hbone.Tests.Hpack;

public sealed class HpackDecoderTests
{
    private readonly HpackDecoder _decoder = new(HpackDecoder.DefaultTableSize);
    private readonly HeaderList _headers = new(16 << 10);

    [Theory]
    [InlineData("3fe21f")] // 4097 with an announced 4096
    [InlineData("8220")] // a size update behind a field
    [InlineData("80")] // index 0
    [InlineData("be")] // index 62 of an empty dynamic table
    [InlineData("ffffffffff0f")] // integer beyond any table
    [InlineData("ff")] // integer cut off
    [InlineData("0003")] // name cut off
    [InlineData("000161")] // value missing
    [InlineData("400161820000")] // Huffman padding of zeros
    [InlineData("40016184ffffffff")] // Huffman padding longer than 7 bits
    public void Decode_MalformedBlock_CompressionError(string hex) => Assert.False(_decoder.TryDecode(Convert.FromHexString(hex), _headers));

    [Fact]
    public void Decode_TableSizeUpdateAboveLimit_CompressionError()
    {
        _decoder.SetMaxTableSize(100);
        Assert.False(_decoder.TryDecode([0x3f, 0x46], _headers)); // 101
        Assert.True(new HpackDecoder(100).TryDecode([0x3f, 0x45], _headers)); // 100
    }

    [Fact]
    public void Decode_IndexedLiteral_LaterBlocksMayReferToIt()
    {
        Assert.True(_decoder.TryDecode([0x40, 1, (byte)'a', 1, (byte)'b', 0xbe], _headers));
        Assert.True(_decoder.TryDecode([0xbe], _headers));
        Assert.Equal([new("a", "b"), new("a", "b"), new("a", "b")], _headers.ToArray());
    }

    [Fact]
    public void Decode_EntryLargerThanTable_TableIsEmptied()
    {
        Assert.True(_decoder.TryDecode([0x40, 1, (byte)'a', 1, (byte)'b'], _headers));
        byte[] large = [0x40, 1, (byte)'c', 0x7f, 0x81, 0x1f, .. new byte[4096]];
        Assert.True(_decoder.TryDecode(large, new HeaderList(1 << 20)));
        Assert.False(_decoder.TryDecode([0xbe], _headers));
    }

    [Fact]
    public void Decode_SizeUpdateToZero_ForgetsEverything()
    {
        Assert.True(_decoder.TryDecode([0x40, 1, (byte)'a', 1, (byte)'b'], _headers));
        Assert.True(_decoder.TryDecode([0x20, 0x82], _headers));
        Assert.False(_decoder.TryDecode([0xbe], _headers));
    }

    [Fact]
    public void Decode_ManyReferencesToOneLargeEntry_ListIsTooLargeAndBounded()
    {
        byte[] entry = [0x40, 1, (byte)'a', 0x7f, 0x80 | (3000 - 127) & 0x7f, (3000 - 127) >> 7, .. new byte[3000]];
        Assert.True(_decoder.TryDecode(entry, _headers));
        byte[] bomb = new byte[10_000];
        Array.Fill(bomb, (byte)0xbe);
        _headers.Clear();
        Assert.True(_decoder.TryDecode(bomb, _headers));
        Assert.True(_headers.IsTooLarge);
        Assert.True(_headers.Count < 10);
    }

    [Fact]
    public void Decode_TableAsRing_KeepsTheNewestInOrder()
    {
        for (int i = 0; i < 1000; i++)
        {
            string value = $"{i:d4}";
            Assert.True(_decoder.TryDecode([0x40, 1, (byte)'n', 4, .. Encoding.ASCII.GetBytes(value)], _headers));
            _headers.Clear();
        }
        // 4096 bytes hold 110 entries of 37.
        Assert.True(_decoder.TryDecode([0xbe, 0xff, 61 + 110 - 127], _headers));
        Assert.Equal(["0999", "0890"], [_headers[0].Value, _headers[1].Value]);
        Assert.False(_decoder.TryDecode([0xff, 61 + 111 - 127], _headers));
    }

    [Fact]
    public void Encode_StatusAndFields_DecodeToTheSame()
    {
        byte[] block = new byte[512];
        int length = HpackEncoder.WriteStatus(block, 200);
        length += HpackEncoder.WriteStatus(block.AsSpan(length), 431);
        length += HpackEncoder.WriteIndexedName(block.AsSpan(length), HpackStaticTable.Authority, "10.0.0.1:80");
        length += HpackEncoder.Write(block.AsSpan(length), "baggage", new string('x', 200));
        Assert.True(_decoder.TryDecode(block.AsSpan(0, length), _headers));
        Assert.Equal([new(":status", "200"), new(":status", "431"), new(":authority", "10.0.0.1:80"), new("baggage", new string('x', 200))], _headers.ToArray());
    }
}
