using System.Text;
using System.Text.Encodings.Web;

namespace Isthmus.Text;

/// <summary>
/// How texts are escaped in JSON: as little as JSON asks for, and whatever could speak to a terminal or turn the order of what
/// is read (<see cref="Wording.IsPrintable"/>), so that JSON may be looked at as it is. A reader of JSON gets the same text.
/// </summary>
internal sealed unsafe class PrintableJson : JavaScriptEncoder
{
    private static readonly JavaScriptEncoder _inner = UnsafeRelaxedJsonEscaping;

    public static PrintableJson Encoder { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => _inner.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) =>
        _inner.WillEncode(unicodeScalar) || Rune.IsValid(unicodeScalar) && !Wording.IsPrintable(new(unicodeScalar));

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var rest = new ReadOnlySpan<char>(text, textLength);
        int at = 0;
        while (at < textLength)
        {
            if (Rune.DecodeFromUtf16(rest[at..], out var rune, out int length) is not System.Buffers.OperationStatus.Done) return at;
            if (WillEncode(rune.Value)) return at;
            at += length;
        }
        return -1;
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        if (_inner.WillEncode(unicodeScalar) || !WillEncode(unicodeScalar))
            return _inner.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
        Span<char> units = stackalloc char[2];
        int count = new Rune(unicodeScalar).EncodeToUtf16(units);
        numberOfCharactersWritten = 0;
        if (bufferLength < 6 * count) return false;
        var room = new Span<char>(buffer, bufferLength);
        foreach (char unit in units[..count])
        {
            FormattableString.Invariant($"\\u{(int)unit:X4}").CopyTo(room[numberOfCharactersWritten..]);
            numberOfCharactersWritten += 6;
        }
        return true;
    }
}
