namespace EdgeDropBack.Planning;

enum BufferUse
{
    Input,
    Activation,
    Gradient,
    Saved,
    Workspace,
}
