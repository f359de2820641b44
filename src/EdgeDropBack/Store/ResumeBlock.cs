namespace EdgeDropBack.Store;

/// <summary>State that only the trainer understands (sampler, trials, best so far), under a tag of up to 8 ASCII characters.</summary>
sealed record ResumeBlock(string Tag, byte[] Bytes);
