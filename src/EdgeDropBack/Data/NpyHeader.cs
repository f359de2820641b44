using System.Text;

namespace EdgeDropBack.Data;

/// <summary>
/// The header of an .npy file (numpy.lib.format): a Python dict literal with the keys 'descr', 'fortran_order' and 'shape'.
/// Strings, True, False and tuples of integers are all that is understood.
/// </summary>
readonly record struct NpyHeader(NpyType Type, bool BigEndian, bool FortranOrder, int[] Shape)
{
    internal static NpyHeader Parse(ReadOnlySpan<byte> text, string name) => new Parser(text, name).Dict();

    ref struct Parser(ReadOnlySpan<byte> text, string name)
    {
        readonly ReadOnlySpan<byte> _text = text;
        readonly string _name = Printable.Name(name);
        int _at;

        internal NpyHeader Dict()
        {
            string? descriptor = null;
            bool? fortran = null;
            int[]? shape = null;
            Expect('{');
            while (!Take('}'))
            {
                var key = String();
                Expect(':');
                switch (key)
                {
                    case "descr" when descriptor is null:
                        descriptor = Peek() == '[' ? throw Structured() : String();
                        break;
                    case "fortran_order" when fortran is null:
                        fortran = Bool();
                        break;
                    case "shape" when shape is null:
                        shape = Tuple();
                        break;
                    default:
                        throw Malformed();
                }
                if (!Take(',') && Peek() != '}')
                    throw Malformed();
            }
            if (Peek() != '\0' || descriptor is null || fortran is null || shape is null)
                throw Malformed();
            if (!NpyTypes.TryParse(descriptor, out var type, out var bigEndian))
                throw Unsupported(descriptor);
            return new(type, bigEndian, fortran.Value, shape);
        }

        int[] Tuple()
        {
            var extents = new List<int>();
            Expect('(');
            while (!Take(')'))
            {
                if (extents.Count == DataLimits.MaxRank)
                    throw EdbException.Refused($"{_name}: more than {DataLimits.MaxRank} axes; reshape the array before saving it");
                extents.Add(Integer());
                if (!Take(',') && Peek() != ')')
                    throw Malformed();
            }
            return [.. extents];
        }

        int Integer()
        {
            if (!char.IsAsciiDigit(Peek()))
                throw Malformed();
            var value = 0L;
            while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at]))
            {
                value = value * 10 + (_text[_at++] - '0');
                if (value > int.MaxValue)
                    throw EdbException.Refused($"{_name}: an axis is longer than {int.MaxValue}; split the array before saving it");
            }
            return (int)value;
        }

        bool Bool()
        {
            Peek();
            var word = _text[_at..];
            if (word.StartsWith("True"u8))
            {
                _at += 4;
                return true;
            }
            if (!word.StartsWith("False"u8))
                throw Malformed();
            _at += 5;
            return false;
        }

        string String()
        {
            var quote = Peek();
            if (quote is not ('\'' or '"'))
                throw Malformed();
            var rest = _text[(_at + 1)..];
            var length = rest.IndexOf((byte)quote);
            if (length < 0)
                throw Malformed();
            _at += length + 2;
            return Encoding.Latin1.GetString(rest[..length]);
        }

        char Peek()
        {
            while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\n' or (byte)'\t')
                _at++;
            return _at < _text.Length ? (char)_text[_at] : '\0';
        }

        bool Take(char c)
        {
            if (Peek() != c || _at == _text.Length)
                return false;
            _at++;
            return true;
        }

        void Expect(char c)
        {
            if (!Take(c))
                throw Malformed();
        }

        readonly EdbException Malformed() =>
            EdbException.Refused($"{_name}: the .npy header is malformed at character {_at}; save the array again with numpy.save");

        readonly EdbException Structured() =>
            EdbException.Refused($"{_name}: a structured array; save each field as an array of its own");

        readonly EdbException Unsupported(string descriptor) => descriptor.EndsWith('O')
            ? EdbException.Refused($"{_name}: an object array (pickled Python), never loaded; convert it first, such as "
            + "x.astype(numpy.float32)")
            : EdbException.Refused($"{_name}: element type '{Printable.Name(descriptor)}' is not supported; convert the array to "
            + "float32, uint8 or int64");
    }
}
