namespace Waypoint.Hbone.Hpack;

/// <summary>Decoder of HPACK's Huffman code, as a state machine over half bytes. The code is canonical, so the lengths of RFC 7541, appendix B, define it.</summary>
internal static class HpackHuffman
{
    private const int Eos = 256;
    private const ushort EmitFlag = 0x8000;
    private const ushort Failed = 0xffff;

    private static ReadOnlySpan<byte> CodeLengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    // Transition of (state, half byte): low byte the next state, or Failed. Emitted symbols stand apart: no code is shorter than five bits, so a half byte ends at most one.
    private static readonly ushort[] Next;
    private static readonly byte[] Symbols;

    // States in which a string may end: the root and up to seven one-bits, the start of EOS.
    private static readonly bool[] MayEnd;

#pragma warning disable CA1810 // The four tables come out of one walk.
    static HpackHuffman()
    {
        int[,] tree = BuildTree(out int nodes);
        Next = new ushort[nodes * 16];
        Symbols = new byte[nodes * 16];
        MayEnd = new bool[nodes];
        for (int state = 0; state < nodes; state++)
        {
            for (int half = 0; half < 16; half++)
                AddTransition(tree, state, half);
        }
        for (int depth = 0, state = 0; depth < 8; depth++, state = tree[state, 1])
            MayEnd[state] = true;
    }
#pragma warning restore CA1810

    /// <summary>Longest text that <paramref name="encodedLength"/> bytes can hold.</summary>
    public static int MaxDecodedLength(int encodedLength) => (encodedLength * 8 / 5) + 1;

    /// <summary>Decodes into <paramref name="destination"/>, which has room for <see cref="MaxDecodedLength"/>; -1 when the bytes contain EOS or end in anything but at most seven
    /// one-bits.</summary>
    public static int Decode(ReadOnlySpan<byte> encoded, Span<byte> destination)
    {
        int state = 0;
        int written = 0;
        foreach (byte value in encoded)
        {
            int index = (state << 4) | (value >> 4);
            ushort next = Next[index];
            if (next == Failed)
                return -1;
            if ((next & EmitFlag) != 0)
                destination[written++] = Symbols[index];
            index = ((next & 0xff) << 4) | (value & 0xf);
            next = Next[index];
            if (next == Failed)
                return -1;
            if ((next & EmitFlag) != 0)
                destination[written++] = Symbols[index];
            state = next & 0xff;
        }
        return MayEnd[state] ? written : -1;
    }

    private static void AddTransition(int[,] tree, int state, int half)
    {
        int index = (state << 4) | half;
        int node = state;
        ushort emit = 0;
        for (int bit = 3; bit >= 0; bit--)
        {
            int child = tree[node, (half >> bit) & 1];
            if (child >= 0)
            {
                node = child;
                continue;
            }
            int symbol = -1 - child;
            if (symbol == Eos)
            {
                Next[index] = Failed;
                return;
            }
            Symbols[index] = (byte)symbol;
            emit = EmitFlag;
            node = 0;
        }
        Next[index] = (ushort)(node | emit);
    }

    // Inner nodes are numbered from 0, the root; a leaf is stored as -1 - symbol. 257 leaves make 256 inner nodes, so a state fits one byte.
    private static int[,] BuildTree(out int nodes)
    {
        var tree = new int[256, 2];
        nodes = 1;
        uint code = 0;
        for (int length = 1; length <= 30; length++)
        {
            code <<= 1;
            for (int symbol = 0; symbol <= Eos; symbol++)
            {
                if (CodeLengths[symbol] != length)
                    continue;
                int node = 0;
                for (int bit = length - 1; bit > 0; bit--)
                {
                    ref int child = ref tree[node, (code >> bit) & 1];
                    if (child == 0)
                        child = nodes++;
                    node = child;
                }
                tree[node, code & 1] = -1 - symbol;
                code++;
            }
        }
        return tree;
    }
}
