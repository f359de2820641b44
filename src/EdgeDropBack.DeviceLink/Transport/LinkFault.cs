namespace EdgeDropBack.DeviceLink;

/// <summary>Why a host gets no session.</summary>
enum LinkFault
{
    None,
    OtherVersion,
    AgentHasKey,
    AgentHasNoKey,
    WrongKey,
}
