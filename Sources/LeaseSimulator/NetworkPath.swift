/// What happens to messages between one node and the store.
struct NetworkPath {
  /// One way, typically.
  let latency: Int64
  /// In percent.
  var requestLoss = 0
  var answerLoss = 0
  /// A firewall answers with a reset.
  var isRefusing = false
  /// At most this much on top of the latency.
  var requestDelay: Int64 = 0
  var answerDelay: Int64 = 0
  /// Nothing of the watch gets through.
  var isWatchCut = false
  var watchDelay: Int64 = 0

  init(latency: Int64) {
    self.latency = latency
  }

  /// Without faults.
  var healthy: NetworkPath { NetworkPath(latency: latency) }
}
