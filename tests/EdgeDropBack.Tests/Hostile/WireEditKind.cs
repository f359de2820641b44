namespace EdgeDropBack.Tests.Hostile;

enum WireEditKind
{
    Number,
    Text,
    Operator,
    Rewire,
    Delete,
    Duplicate,
    Swap,
    FieldNumber,
    FalseLength,
    Nest,
    Splice,
}
