namespace EdgeDropBack.Training;

public enum OptimizerKind
{
    Sgd,
    Adam,
}
