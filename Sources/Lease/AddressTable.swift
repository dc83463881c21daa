internal import Wire

/// A table by address that remembers which of its entries were written since somebody last took note.
///
/// What follows the election costs what has changed, not what there is.
struct AddressTable<Value: Equatable & Sendable>: Sendable {
  private(set) var entries: [IPAddress: Value] = [:]
  private var written: Set<IPAddress> = []

  subscript(address: IPAddress) -> Value? {
    get { entries[address] }
    set {
      guard let newValue else {
        removeValue(forKey: address)
        return
      }
      // A read of the store tells what is known already of most.
      guard entries[address] != newValue else { return }
      entries[address] = newValue
      written.insert(address)
    }
  }

  var keys: Dictionary<IPAddress, Value>.Keys { entries.keys }
  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  @discardableResult
  mutating func removeValue(forKey address: IPAddress) -> Value? {
    let value = entries.removeValue(forKey: address)
    if value != nil { written.insert(address) }
    return value
  }

  mutating func removeAll() {
    markAll()
    entries = [:]
  }

  /// Takes over every entry of another table.
  mutating func merge(_ other: AddressTable) {
    for (address, value) in other.entries { self[address] = value }
  }

  /// Counts every entry as written: something outside has changed what all of them mean.
  mutating func markAll() { written.formUnion(entries.keys) }

  /// The addresses that were written since this was last called.
  mutating func takeWritten() -> Set<IPAddress> {
    defer { written = [] }
    return written
  }
}
