namespace EdgeDropBack.DeviceLink;

/// <summary>One transmission: the stream position of its bytes, and how many times bytes from there have been sent, modulo 16.</summary>
readonly record struct DataFrame(long Position, int Attempt);
