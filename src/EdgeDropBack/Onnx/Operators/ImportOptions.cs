namespace EdgeDropBack.Onnx;

/// <summary>What the file leaves open.</summary>
sealed record ImportOptions
{
    /// <summary>Samples in a batch: takes the place of the first dimension of every input, whatever the file says.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Shape of one sample by input name, for inputs whose other dimensions are symbols; the first input also under "".</summary>
    public IReadOnlyDictionary<string, int[]> SampleShapes { get; init; } = new Dictionary<string, int[]>();

    /// <summary>Sizes by the names that the file gives its open dimensions, such as a sequence's length.</summary>
    public IReadOnlyDictionary<string, int> Dims { get; init; } = new Dictionary<string, int>();

    /// <summary>Whole shapes by input name, batch included, for inputs that do not start with the batch; they go before all else.</summary>
    public IReadOnlyDictionary<string, int[]> InputShapes { get; init; } = new Dictionary<string, int[]>();

    /// <summary>Inputs whose value is fixed while the graph is made: shapes, axes, scales.</summary>
    internal IReadOnlyDictionary<string, ConstantTensor> FixedInputs { get; init; } = new Dictionary<string, ConstantTensor>();

    /// <summary>Seed of all weights that a function of the model computes, instead of the file's; null keeps that.</summary>
    public uint? BaseSeed { get; init; }

    /// <summary>Every value that a node of the file computes is an output of the graph, after the file's own.</summary>
    public bool KeepsEveryValue { get; init; }

    /// <summary>Weights that are never parameters.</summary>
    internal IReadOnlySet<string> Frozen { get; init; } = new HashSet<string>();

    /// <summary>What of the model is imported, where its front is computed elsewhere; null for all.</summary>
    internal ImportCut? Cut { get; init; }

    /// <summary>
    /// The output that is trained: only what it depends on is imported, and only weights that lead to it are parameters. Null imports all outputs.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>Beside <see cref="Output"/>, the other outputs are imported too; weights that only they depend on are constants.</summary>
    public bool KeepsOtherOutputs { get; init; }

    /// <summary>A new last layer with this many outputs; its weights come from a seed.</summary>
    public NewHead? NewHead { get; init; }
}
