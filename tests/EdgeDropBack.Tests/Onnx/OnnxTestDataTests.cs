using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Onnx;

/// <summary>The models of the ONNX project's own tests, from Debian's libonnx-testdata.</summary>
public sealed class OnnxTestDataTests
{
    const string Folder = "/usr/share/libonnx-testdata/data";

    static readonly string[] s_training = ["test_adam", "test_adagrad", "test_momentum", "test_nesterov", "test_gradient_of"];

    public static string[] Models()
    {
        if (!Directory.Exists(Folder)) return [];
        string[] models = Directory.GetFiles(Folder, "*.onnx", SearchOption.AllDirectories);
        Array.Sort(models, StringComparer.Ordinal);
        return models;
    }

    [SkippableFact]
    public void EveryModelOfTheOnnxTestsParses()
    {
        Skip.If(Models().Length == 0, $"{Folder} is not there: apt install libonnx-testdata");
        List<string> failures = [];
        foreach (string path in Models())
        {
            try
            {
                using OnnxModel model = OnnxModel.Open(path);
                Assert.NotEmpty(model.Opsets);
                Assert.True(Array.Exists(s_training, path.Contains) == model.IsTrainingArtifact, path);
                foreach (OnnxTensor tensor in model.Graph.Initializers)
                {
                    if (tensor.DataType == OnnxDataType.String) Assert.Equal(tensor.ElementCount, tensor.ReadStrings().Length);
                    else Assert.Equal(tensor.ByteCount, tensor.Raw.Length);
                }
            }
            catch (EdbException e)
            {
                failures.Add(e.Message);
            }
        }

        Assert.Empty(failures);
    }
}
