import Configuration
import Testing

/// The list of keys says what the program does.
@Suite struct ConfigurationReferenceTests {
  @Test func hasEveryKeyAndNoOther() {
    let listed = ConfigurationReference.keys.map(\.path)
    #expect(Set(listed).count == listed.count, "a key is there twice")
    let known = Set(KnownKeys.all())
    #expect(known.subtracting(listed).sorted() == [], "known to the program, not listed")
    #expect(Set(listed).subtracting(known).sorted() == [], "listed, unknown to the program")
  }

  @Test(arguments: ConfigurationReference.keys)
  func theDefaultIsWhatHoldsWithoutIt(_ key: ConfigurationKey) throws {
    guard let value = key.defaultText else {
      #expect(key.defaultMeaning != nil || Self.needed.contains(key.path), "no default is said")
      return
    }
    #expect(try parse(Self.text(with: key, value)) == parse(Self.text(with: key, nil)))
  }

  @Test(arguments: ConfigurationReference.keys)
  func theExampleIsGoodAndSaysSomething(_ key: ConfigurationKey) throws {
    let text = Self.text(with: key, key.example)
    #expect(faults(text) == [], "\(text)")
    let isSection = key.kind == .section
    guard !isSection, key.example != key.defaultText, !Self.needed.contains(key.path),
      !Self.inert.contains(key.path)
    else { return }
    #expect(try parse(text) != parse(Self.text(with: key, nil)), "the example changes nothing")
  }

  @Test(arguments: ConfigurationReference.keys)
  func boundsAndWordsAreKept(_ key: ConfigurationKey) {
    switch key.kind {
    case .duration(let from, let to, let orZero):
      for value in [from, to] { #expect(faults(Self.text(with: key, value)) == []) }
      for value in Self.outside(from, to) {
        #expect(!faults(Self.text(with: key, value)).isEmpty, "\(value) is out of bounds")
      }
      #expect(faults(Self.text(with: key, "0s")).isEmpty == (orZero || from == "0ms"))
    case .list(.duration(let from, let to, _)):
      #expect(faults(Self.text(with: key, "[\(from), \(to)]")) == [])
      for value in Self.outside(from, to) {
        #expect(!faults(Self.text(with: key, "[\(value)]")).isEmpty)
      }
    case .choice(let words):
      for word in words {
        #expect(
          !faults(Self.text(with: key, word)).contains { $0.contains("not possible here") },
          "\(word)")
      }
      let fault = faults(Self.text(with: key, "zzzzzzzzzzzzzzzzzzzzzz")).first ?? ""
      #expect(
        fault.contains(Self.alternatives(words)), "the words differ from the program's: \(fault)")
    case .flag: #expect(!faults(Self.text(with: key, "perhaps")).isEmpty)
    case .path: #expect(!faults(Self.text(with: key, "relative")).isEmpty)
    case .list, .sections: #expect(!faults(Self.text(with: key, "word")).isEmpty)
    case .section: #expect(!faults(Self.text(with: key, "word")).isEmpty)
    default: break
    }
  }

  /// Without a default: the file or the section has no meaning without them.
  private static let needed: Set = ["announcements[].addresses", "metrics.listen"]
  /// Of use to another backend than the default one only, or the default written out.
  private static let inert: Set = ["lease.duration"]

  private static func outside(_ from: String, _ to: String) -> [String] {
    ([from == "0ms" ? nil : "500ms"] + ["25h"]).compactMap(\.self)
  }

  private static func alternatives(_ words: [String]) -> String {
    "\(words.dropLast().joined(separator: ", ")) or \(words[words.count - 1])"
  }

  /// A file with the key, or without it where `value` is nil, and with what it needs beside it.
  private static func text(with key: ConfigurationKey, _ value: String?) -> String {
    var beside: [String] = []
    switch key.path {
    case "kubernetes.context": beside = ["kubeconfig: /etc/announcer/kubeconfig"]
    case "lease.etcd.certificate": beside = ["key: /k.pem", "endpoints: [\"https://a:2379\"]"]
    case "lease.etcd.key": beside = ["certificate: /c.pem", "endpoints: [\"https://a:2379\"]"]
    case "lease.etcd.ca": beside = ["endpoints: [\"https://a:2379\"]"]
    case "lease.etcd.username": beside = ["passwordFile: /p"]
    case "lease.etcd.passwordFile": beside = ["username: u"]
    case "lease.whenStoreIsLost": beside = ["backend: etcd"]
    case "announcements[].name", "announcements[].interfaces", "announcements[].nodes":
      beside = ["addresses: [10.80.8.150]"]
    default: break
    }
    if value == nil,
      key.path.contains("etcd.certificate") || key.path.contains("etcd.key")
        || key.path.contains("etcd.username") || key.path.contains("etcd.passwordFile")
    {
      beside.removeFirst()
    }
    var text = (beside + (value.map { ["\(key.name): \($0)"] } ?? [])).joined(separator: ", ")
    for part in key.path.split(separator: ".").dropLast().reversed() {
      text = part.hasSuffix("[]") ? "\(part.dropLast(2)): [{\(text)}]" : "\(part): {\(text)}"
    }
    return text.isEmpty ? "{}" : "{\(text)}"
  }
}
