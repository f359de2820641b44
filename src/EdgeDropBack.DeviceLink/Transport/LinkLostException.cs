namespace EdgeDropBack.DeviceLink;

/// <summary>The session is over: the peer is silent or gone, or the line is.</summary>
sealed class LinkLostException(string message, Exception? inner = null) : IOException(message, inner);
