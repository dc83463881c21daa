package import Announcer
internal import YAMLDocuments

/// What the operator wrote, checked: every value is in range and every default is filled in.
///
/// A value of this type is complete by construction, so nothing above it asks twice whether a
/// setting makes sense, and a reload compares two of them.
package struct Configuration: Hashable, Sendable {
  /// The path the text was read from, as it was given.
  package var file: String
  /// This node's name; other nodes and people know it by it.
  package var node: String
  /// Whether the file says so; otherwise it is the host name.
  package var namesNode: Bool
  /// The default patterns; empty means every link that can carry announcements.
  package var interfaces: [InterfacePattern]
  /// In the order of the file; empty where nothing is stated.
  package var announcements: [AnnouncementEntry]
  /// Files and directories with Kubernetes objects, absolute, in the order of the file.
  package var manifests: [String]
  /// What is announced of Services where there is no policy; nil where the file does not say.
  package var defaultPolicy: DefaultPolicy?
  /// The cluster whose Services are announced; nil where there is none.
  package var kubernetes: KubernetesSettings?
  package var lease: LeaseSettings
  package var gratuitous: GratuitousSettings
  package var conflicts: ConflictPolicy
  /// Whether an address that somebody on the LAN has is left to them.
  package var asksFirst: Bool
  package var control: ControlSettings
  /// Nil: nobody listens for scrapers.
  package var metrics: MetricsSettings?
  package var selfCheck: SelfCheckSettings
  package var log: LogSettings

  /// Where the daemon looks when it is told nothing.
  package static let usualFile = "/etc/announcer/announcer.yaml"

  /// How many different addresses one file may state: what the kernel filter, the multicast groups
  /// and a switch's tables can carry with room to spare.
  package static let addressLimit = 65_536

  /// Reads the file and checks it.
  ///
  /// - Parameters:
  ///   - file: the path; it also opens every line of the errors.
  ///   - hostName: the default for `node`.
  package static func load(
    file: String, hostName: String
  ) throws(ConfigurationFailure) -> Configuration {
    try parse(try ConfigurationFile.read(file), file: file, hostName: hostName)
  }

  /// Checks a text. Every fault that can be told apart is reported at once, so that a file with
  /// three typos needs one correction and not three.
  package static func parse(
    _ text: String, file: String, hostName: String
  ) throws(ConfigurationFailure) -> Configuration {
    try parse(YAMLText(text), file: file, hostName: hostName)
  }

  private static func parse(
    _ text: YAMLText, file: String, hostName: String
  ) throws(ConfigurationFailure) -> Configuration {
    let reading = Reading(file: file, text: text)
    let configuration = reading.compose().flatMap { Section($0) }.map { root in
      Configuration(root: root, file: file, hostName: hostName)
    }
    if let configuration, reading.diagnostics.isEmpty { return configuration }
    throw ConfigurationFailure(diagnostics: reading.diagnostics)
  }

  /// The keys of the file's top level. A section's own keys are listed where the section is read.
  private init(root: Section, file: String, hostName: String) {
    self.file = file
    let name = root.value("node")
    namesNode = name != nil
    node = name.map { $0.nodeName() ?? "" } ?? root.defaultNode(hostName)
    let defaults = root.value("interfaces")?.patterns() ?? []
    interfaces = defaults
    announcements = AnnouncementEntry.list(root.value("announcements"), defaults: defaults)
    manifests = root.value("manifests")?.absolutePaths() ?? []
    defaultPolicy = root.value("defaultPolicy")?.choice(DefaultPolicy.self)
    kubernetes = KubernetesSettings(root)
    lease = LeaseSettings(root.value("lease"))
    gratuitous = GratuitousSettings(root.value("gratuitous"))
    conflicts = root.value("conflicts")?.choice(ConflictPolicy.self) ?? .defend
    asksFirst = root.value("askFirst")?.flag() ?? true
    control = ControlSettings(root.value("control"))
    log = LogSettings(root.value("log"))
    metrics = MetricsSettings(root.value("metrics"))
    selfCheck = SelfCheckSettings(root.value("selfCheck"))
    root.finish()
  }
}

extension Value {
  /// A list of paths, none of them twice.
  fileprivate func absolutePaths() -> [String] {
    var paths: [String] = []
    for value in list(example: "[/etc/announcer/manifests.d]") ?? [] {
      guard let path = value.absolutePath() else { continue }
      if paths.contains(path) {
        value.fail("the path \(path) is listed twice", suggestion: "keep one of them")
      } else {
        paths.append(path)
      }
    }
    return paths
  }
}

extension Section {
  /// The host name, where the file names no node.
  fileprivate func defaultNode(_ hostName: String) -> String {
    if !NodeName.isValid(hostName) {
      fail(
        "the host name '\(hostName)' cannot serve as this node's name",
        suggestion: "write a name of your own, such as `node: node-a`", key: "node")
    }
    return hostName
  }
}
