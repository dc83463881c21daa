internal import Cluster
internal import Wire

/// Reads which addresses a Service asks for.
enum RequestText {
  /// Nobody needs more for one Service; a text that says so was written by a machine that failed.
  private static let limit = 64

  /// - Parameter present: the Service's addresses: one that it already has is not refused for its family.
  /// - Returns: the addresses, each once, in order; and what is wrong with the request.
  static func read(
    _ service: Service, _ families: [IPFamily], having present: [IPAddress?]
  ) -> ([IPAddress], String?) {
    var words = (service.allocation.requestedIPs ?? "").split(
      maxSplits: limit + 1, whereSeparator: { $0 == "," || $0.isWhitespace })
    if let text = service.loadBalancerIP, !text.isEmpty { words.append(text[...]) }
    guard words.count <= limit else { return ([], "it asks for more than \(limit) addresses") }
    var addresses: [IPAddress] = []
    for word in words {
      guard let address = IPAddress(word) else {
        let shown = word.count > limit ? "\(word.prefix(limit))…" : String(word)
        return (addresses, "'\(shown)' is no address")
      }
      if let reason = address.reasonNotAnnounceable { return (addresses, "\(address): \(reason)") }
      guard families.contains(IPFamily(address)) || present.contains(address) else {
        return (addresses, "\(address) is \(IPFamily(address)), which the Service does not have")
      }
      if !addresses.contains(address) { addresses.append(address) }
    }
    return (addresses, nil)
  }
}
