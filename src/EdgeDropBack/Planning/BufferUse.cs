namespace EdgeDropBack.Planning;

public enum BufferUse
{
    Input,
    Activation,
    Gradient,
    Saved,
    Workspace,
}
