internal import Cluster
internal import Wire

/// Which addresses are taken, and by whom: each only once by one Service, however it comes to have it.
struct Occupancy: Sendable {
  /// Most addresses have one holder, and need no array for it.
  private struct Holders {
    var first: ObjectName
    var others: [ObjectName] = []
  }

  private var holders: [IPAddress: Holders] = [:]
  /// The addresses that holders with a sharing key have, by key.
  private var shared: [String: [IPAddress: Int]] = [:]

  var addresses: some Sequence<IPAddress> { holders.keys }

  func isTaken(_ address: IPAddress) -> Bool { holders[address] != nil }

  func holders(of address: IPAddress) -> [ObjectName] {
    guard let holders = holders[address] else { return [] }
    return [holders.first] + holders.others
  }

  /// Whether anybody else has it.
  func isTaken(_ address: IPAddress, byOthersThan name: ObjectName) -> Bool {
    guard let holders = holders[address] else { return false }
    return !holders.others.isEmpty || holders.first != name
  }

  /// The addresses of Services with a key, in order.
  func addresses(ofKey key: String) -> [IPAddress] { shared[key]?.keys.sorted() ?? [] }

  /// - Returns: whether it was free before.
  mutating func add(_ address: IPAddress, _ name: ObjectName) -> Bool {
    if holders[address]?.others.append(name) != nil { return false }
    holders[address] = Holders(first: name)
    return true
  }

  /// - Returns: whether it is free now.
  mutating func remove(_ address: IPAddress, _ name: ObjectName) -> Bool {
    guard var known = holders[address] else { return false }
    if let index = known.others.firstIndex(of: name) {
      known.others.remove(at: index)
    } else if known.first == name {
      guard !known.others.isEmpty else {
        holders[address] = nil
        return true
      }
      known.first = known.others.removeFirst()
    }
    holders[address] = known
    return false
  }

  mutating func addKey(_ key: String, _ address: IPAddress) {
    shared[key, default: [:]][address, default: 0] += 1
  }

  mutating func removeKey(_ key: String, _ address: IPAddress) {
    guard let count = shared[key]?[address] else { return }
    shared[key]?[address] = count > 1 ? count - 1 : nil
    if shared[key]?.isEmpty == true { shared[key] = nil }
  }
}
