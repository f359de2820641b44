namespace EdgeDropBack.Store;

/// <summary>Asked before a store's weights are read whether they fit.</summary>
interface IStoreCheck
{
    /// <exception cref="EdbException">They do not.</exception>
    void Require(StoreMeta meta, IReadOnlyList<StoreTensorRecord> tensors, IReadOnlyList<RunningStatistics> statistics);
}
