namespace EdgeDropBack.Onnx;

/// <summary>The equation of an Einsum as labels: letters by their code, the dimensions of an ellipsis as -1 (the last one), -2, ...</summary>
static class EinsumEquation
{
    /// <param name="ranks">Dimensions of the operands.</param>
    public static (List<List<int>> Terms, List<int> Result) Parse(string equation, int[] ranks)
    {
        var text = equation.Replace(" ", "", StringComparison.Ordinal);
        var sides = text.Split("->");
        var terms = sides[0].Split(',');
        ImportShapes.Expect(sides.Length <= 2 && terms.Length == ranks.Length, $"equation '{equation}' does not fit {ranks.Length} operands");
        var parsed = terms.Select((term, i) => Labels(equation, term, Ellipsis(equation, term, ranks[i]))).ToList();
        for (var i = 0; i < ranks.Length; i++)
            ImportShapes.Expect(parsed[i].Count == ranks[i], $"equation '{equation}' gives operand {i} {parsed[i].Count} dimensions, it has {ranks[i]}");
        var widest = parsed.SelectMany(term => term).Where(label => label < 0).Select(label => -label).DefaultIfEmpty(0).Max();
        var result = sides.Length == 2 ? Labels(equation, sides[1], widest) : Implicit(parsed, widest);
        ImportShapes.Expect(result.Distinct().Count() == result.Count && result.All(label => parsed.Any(term => term.Contains(label))),
            $"the result of equation '{equation}' has a label twice, or one that no operand has");
        return (parsed, result);
    }

    static int Ellipsis(string equation, string term, int rank)
    {
        var letters = term.Replace("...", "", StringComparison.Ordinal).Length;
        ImportShapes.Expect(letters <= rank, $"equation '{equation}' gives an operand of {rank} dimensions {letters} labels");
        return rank - letters;
    }

    static List<int> Labels(string equation, string term, int ellipsis)
    {
        var labels = new List<int>();
        for (var i = 0; i < term.Length; i++)
        {
            if (char.IsAsciiLetter(term[i]))
            {
                labels.Add(term[i]);
                continue;
            }
            ImportShapes.Expect(term.AsSpan(i).StartsWith("..."), $"equation '{equation}' holds '{term[i]}', expected letters, ',', '->' and '...'");
            labels.AddRange(Enumerable.Range(1, ellipsis).Select(d => d - ellipsis - 1));
            i += 2;
        }
        return labels;
    }

    /// <summary>Without a result: the ellipsis, then the letters that occur once, in alphabetical order.</summary>
    static List<int> Implicit(List<List<int>> terms, int ellipsis) =>
    [
        .. Enumerable.Range(1, ellipsis).Select(d => d - ellipsis - 1),
        .. terms.SelectMany(term => term).Where(label => label > 0).GroupBy(label => label).Where(g => g.Count() == 1).Select(g => g.Key).Order(),
    ];
}
