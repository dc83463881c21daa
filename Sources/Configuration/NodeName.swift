/// What may name a node. The name becomes part of keys in every store, so the strictest of them
/// rules: letters, digits, '-', '_' and '.', 1 to 253 of them, the ends letters or digits.
package enum NodeName {
  package static func isValid(_ text: String) -> Bool {
    guard (1...253).contains(text.utf8.count), let first = text.utf8.first,
      let last = text.utf8.last
    else { return false }
    return isWord(first) && isWord(last)
      && text.utf8.allSatisfy { isWord($0) || $0 == 0x2d || $0 == 0x2e || $0 == 0x5f }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
