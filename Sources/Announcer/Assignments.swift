package import Wire

/// Every address that shall be announced, and which requests ask for it.
///
/// An address that several requests name is one assignment with several origins: it is announced
/// wherever one of them wants it. Ten thousand addresses share a handful of combinations of
/// requests, and all that is decided later is decided once per combination.
package struct Assignments: Hashable, Sendable {
  package let requests: [AnnouncementRequest]
  /// Distinct sets of requests, as ascending positions in `requests`.
  package let combinations: [[Int]]
  /// Each address's position in `combinations`.
  package let addresses: [IPAddress: Int]

  package init(_ requests: [AnnouncementRequest]) {
    self.requests = requests
    var combinations: [[Int]] = []
    var positions: [[Int]: Int] = [:]
    var addresses: [IPAddress: Int] = [:]
    for (number, request) in requests.enumerated() {
      for range in request.ranges {
        for address in range.addresses {
          var combination = addresses[address].map { combinations[$0] } ?? []
          guard combination.last != number else { continue }
          combination.append(number)
          if let position = positions[combination] {
            addresses[address] = position
          } else {
            positions[combination] = combinations.count
            addresses[address] = combinations.count
            combinations.append(combination)
          }
        }
      }
    }
    self.combinations = combinations
    self.addresses = addresses
  }

  /// Where the wish for `address` comes from; empty where nobody wishes for it.
  package func origins(of address: IPAddress) -> [String] {
    guard let combination = addresses[address] else { return [] }
    return combinations[combination].map { requests[$0].origin }
  }
}
