/// The labels of an object.
///
/// A sorted array and not a dictionary: ten thousand Services have a handful of labels each, and a
/// dictionary would cost several times the memory for no faster a look.
package struct Labels: Hashable, Sendable {
  private let pairs: [Pair]

  private struct Pair: Hashable, Sendable {
    let key: String
    let value: String
  }

  package init(_ labels: [String: String] = [:]) {
    pairs = labels.map { Pair(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
  }

  /// The same with what `defaults` has besides.
  package func filled(from defaults: Labels) -> Labels {
    let missing = defaults.pairs.filter { self[$0.key] == nil }
    guard !missing.isEmpty else { return self }
    return Labels(pairs: (pairs + missing).sorted { $0.key < $1.key })
  }

  private init(pairs: [Pair]) { self.pairs = pairs }

  /// The value of a label; nil where the object does not have it.
  package subscript(key: String) -> String? {
    pairs.first { $0.key == key }?.value
  }
}

extension Labels: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, String)...) {
    self.init(Dictionary(elements) { _, last in last })
  }
}
