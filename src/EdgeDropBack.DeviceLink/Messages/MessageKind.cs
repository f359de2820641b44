namespace EdgeDropBack.DeviceLink;

/// <summary>What a message is: requests of the host below 32, answers of the agent from there.</summary>
enum MessageKind : byte
{
    /// <summary>Answered by Done with a JSON object.</summary>
    Status = 1,

    /// <summary>Name, size, SHA-256: answered by Ready with the bytes already there; the other chunks follow, then Done.</summary>
    Push = 2,

    /// <summary>Bytes of a file, either way.</summary>
    Chunk = 3,

    /// <summary>Name: answered by Ready with size and SHA-256, or Failed.</summary>
    Pull = 4,

    /// <summary>Offset: the chunks from there on, then Done.</summary>
    PullFrom = 5,

    /// <summary>Request id, arguments of a personalization: answered by Ready, then as Watch. The same id again only watches.</summary>
    Train = 6,

    /// <summary>Progress and logs of the present or last training until it ends with Done or Failed.</summary>
    Watch = 7,

    /// <summary>The training saves and ends.</summary>
    Cancel = 8,

    /// <summary>Arguments of an evaluation: answered by Log where there is something to say, then Done with a JSON object.</summary>
    Evaluate = 9,

    /// <summary>Request id, store, generation: answered by Done with a JSON object. The same id again changes nothing.</summary>
    Rollback = 10,

    Ready = 32,

    /// <summary>A JSON object.</summary>
    Done = 33,

    /// <summary>Exit code and one line.</summary>
    Failed = 34,

    Progress = 35,

    /// <summary>One line.</summary>
    Log = 36,
}
