import Testing

/// Real processes, one cluster at a time: several at once would only tell how slow two cores are.
@Suite("Cluster", .serialized) struct ClusterTests {}
