/// What people need to know about one key of the configuration, in words and in a form that can be tested.
package struct ConfigurationKey: Hashable, Sendable {
  /// What is written there, for people.
  package enum Kind: Hashable, Sendable {
    case section
    /// A list of sections.
    case sections
    case text
    case path
    case url
    case flag
    case pattern
    case addresses
    /// Both bounds belong to it; 0s where it means "off".
    case duration(from: String, to: String, orZero: Bool = false)
    case choice([String])
    indirect case list(Kind)
  }

  /// `lease.etcd.endpoints`, `announcements[].name`.
  package let path: String
  package let kind: Kind
  /// As it would be written, where the default is a value of its own.
  package let defaultText: String?
  /// What holds without the key, where no value says it: "the host name".
  package let defaultMeaning: String?
  /// A value as it is written.
  package let example: String
  /// Sentences for people; what is written in backticks is code.
  package let meaning: String

  init(
    _ path: String, _ kind: Kind, default defaultText: String? = nil, without: String? = nil,
    example: String = "", _ meaning: String
  ) {
    self.path = path
    self.kind = kind
    self.defaultText = defaultText
    defaultMeaning = without
    self.example = example
    self.meaning = meaning
  }

  /// The level below: `lease.etcd` of `lease.etcd.prefix`, with its list's brackets; empty at the top.
  package var parent: String {
    path.split(separator: ".").dropLast().joined(separator: ".")
  }

  /// Whether a change of it takes effect only when the daemon starts again.
  package var needsRestart: Bool {
    ["node", "lease", "kubernetes", "control"].contains(path.prefix { $0 != "." })
      && !["kubernetes.loadBalancerClasses", "kubernetes.addressPools"].contains(path)
  }

  /// The last word of the path.
  package var name: String { path.split(separator: ".").last.map(String.init) ?? path }
}
