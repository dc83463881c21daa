/// The Services that want to be announced and are not: how many, why, and the first of them.
///
/// Of a size that does not grow with their number, since ten thousand may wait for an address.
package struct ServicesStatus: FieldValue {
  /// How many there are.
  @Field package var unannounced: Int
  /// How many of them for which reason: `no-policy-selects`. Of several reasons the first one counts.
  @Field package var reasons: [String: Int]
  /// The first `shown` of them, by name.
  @Field package var first: [Unannounced]

  /// How many are listed.
  package static let shown = 12

  package struct Unannounced: FieldValue {
    /// `default/web`.
    @Field package var service: String
    /// The file and line it was read from; nil where it came from the API server.
    @Field package var place: String?
    /// All reasons, in words.
    @Field package var reason: String

    package init(service: String, place: String?, reason: String) {
      self.service = service
      self.place = place
      self.reason = reason
    }

    package static var absent: Self { Self(service: "", place: nil, reason: "") }
  }

  package init(unannounced: Int = 0, reasons: [String: Int] = [:], first: [Unannounced] = []) {
    self.unannounced = unannounced
    self.reasons = reasons
    self.first = first
  }

  package static var absent: Self { Self() }
}

/// Their lines in `announcer status`.
extension StatusText {
  /// In the header: how many, and why.
  var services: [String] {
    let services = status.services
    guard services.unannounced > 0 else { return [] }
    let reasons = Self.list(services.reasons.mapValues { UInt64(clamping: $0) }) ?? ""
    return item("services", "\(services.unannounced) not announced: \(reasons)", tone: .caution)
  }

  /// Behind the table: which.
  var unannounced: [String] {
    let services = status.services
    guard !services.first.isEmpty else { return [] }
    var lines = ["", style.paint("Services that are not announced:", .heading)]
    for entry in services.first {
      let place = entry.place.map { ", \($0)" } ?? ""
      lines += TextLayout.wrap(
        printable("\(entry.service)\(place): \(entry.reason)"), width: style.width, indent: 2
      ).map { "  \($0)" }
    }
    let others = services.unannounced - services.first.count
    if others > 0 {
      lines.append("  and \(others) more (`announcer explain NAMESPACE/NAME` is about one)")
    }
    return lines
  }
}
