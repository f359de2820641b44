namespace EdgeDropBack.DeviceLink;

/// <summary>What a line did, counted over all its sessions.</summary>
/// <param name="Sent">Frames with new bytes.</param>
/// <param name="SentAgain">Frames sent again.</param>
/// <param name="Received">Valid frames.</param>
/// <param name="Rejected">Frames that were damaged, of another session, or made without the key.</param>
/// <param name="BytesHeard">All bytes from the line.</param>
/// <param name="ErrorsPerByte">Estimated from the present session's lost frames.</param>
/// <param name="Sessions">Sessions opened.</param>
sealed record LinkStatistics(long Sent, long SentAgain, long Received, long Rejected, long BytesHeard, double ErrorsPerByte, int Sessions);
