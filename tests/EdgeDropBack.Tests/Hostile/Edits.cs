using CsCheck;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>How many changes a file gets: mostly one, so that what lies behind the first check is reached too.</summary>
static class Edits
{
    const int Most = 5;

    public static Gen<T[]> Few<T>(Gen<T> edit) => Gen.Frequency((3, edit.Array[1]), (2, edit.Array[2]), (1, edit.Array[3, Most]));
}
