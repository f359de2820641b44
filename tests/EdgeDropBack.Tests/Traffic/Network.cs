namespace EdgeDropBack.Tests.Traffic;

/// <summary>A network whose traffic golden files hold: two of dense layers, and the shipped CNN.</summary>
sealed class Network : IDisposable
{
    readonly Mlp? _mlp;

    public Network(string name) => _mlp = name switch
    {
        "lenet-300-100" => new Mlp(784, 300, 100, 10),
        "mlp-784-2048-2048-10" => new Mlp(784, 2048, 2048, 10),
        _ => null,
    };

    public static TheoryData<string> Names => ["lenet-300-100", "mlp-784-2048-2048-10", "fashion"];

    /// <summary>Null for the shipped model.</summary>
    public string? Path => _mlp?.Path;

    public void Dispose() => _mlp?.Dispose();
}
