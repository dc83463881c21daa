internal import Control
internal import FoundationEssentials
internal import LinuxSystem

/// What `announcer check` says of the daemon that runs here: what of the file is in force, and what takes it over.
struct RunningDaemon: Encodable {
  /// Why nothing is known of it; null where it answered.
  let silence: String?
  let version: String?
  let node: String?
  /// The file that it has loaded.
  let file: String?
  let loadedAt: WallTime?
  /// What has become of that file: `configuration.onDisk` of the status; null where it is another one than was checked.
  let onDisk: FileOnDisk?
  /// The nodes that have a live session, as it knows; no interface.
  let nodes: [String]
  /// Whether the file that was checked is the one that it has loaded.
  private let isSameFile: Bool

  private enum CodingKeys: String, CodingKey {
    case silence, version, node, file, loadedAt, onDisk
  }

  /// How long the daemon may take: it waits for its file for a second.
  private static let patience = Duration.seconds(2)

  /// Asks the daemon at a control socket.
  ///
  /// - Parameter file: the one that is checked.
  static func ask(at socket: String, about file: String) async -> RunningDaemon {
    let client = ControlClient(path: socket, version: announcerVersion, timeout: patience)
    let answer = await withThread(named: "compare") {
      Result { () throws(ControlFailure) in try client.ask(.compare) }
    }
    switch answer {
    case .success(let reply):
      guard let comparison = reply.response.comparison else {
        return RunningDaemon(silence: "version \(reply.response.version) did not compare the file")
      }
      return RunningDaemon(comparison, checked: file)
    case .failure(let failure): return RunningDaemon(silence: failure.description)
    }
  }

  private init(silence: String) {
    self.silence = silence
    (version, node, file, loadedAt, onDisk) = (nil, nil, nil, nil, nil)
    (nodes, isSameFile) = ([], false)
  }

  private init(_ comparison: Comparison, checked: String) {
    silence = nil
    version = comparison.version
    node = comparison.node
    let loaded = comparison.configuration.file
    file = loaded
    loadedAt = comparison.configuration.loadedAt
    isSameFile = Self.canonical(loaded) == Self.canonical(checked)
    onDisk = isSameFile ? comparison.configuration.onDisk : nil
    nodes = comparison.nodes
  }

  private static func canonical(_ path: String) -> String {
    URL(filePath: path).resolvingSymlinksInPath().path
  }

  /// The nodes that would share the lease with this file; empty where they are not known.
  var companions: Set<String> {
    // With another lease it knows other nodes.
    guard let onDisk, onDisk.state == .inForce || onDisk.state == .reload else { return [] }
    return Set(nodes)
  }

  /// What keeps it from taking the file over although that is right here: it may not read it.
  var problems: [String] {
    guard let onDisk, onDisk.state == .refused else { return [] }
    return onDisk.lines.map { "the running daemon refuses the file: \($0)" }
  }

  /// For people.
  func lines(now: WallTime) -> [String] {
    if let silence { return [silence] }
    var lines = ["announcer \(version ?? "?"), node \(node ?? "?")"]
    if let file, let loadedAt {
      lines[0] += ": \(file), loaded \(loadedAt.age(at: now)) ago"
    }
    guard isSameFile else { return lines + ["it has loaded another file, which is not compared"] }
    guard let onDisk else { return lines + ["it could not read the file in time to compare it"] }
    switch onDisk.state {
    case .inForce: lines.append("what the file says is in force")
    case .reload: lines += onDisk.lines
    case .restart: lines += onDisk.lines
    case .refused: lines.append("it refuses the file")
    default: lines.append("what it says of the file is not understood: \(onDisk.state.rawValue)")
    }
    return lines
  }

  /// What to do; nil where that is not known.
  var advice: String? {
    switch onDisk?.state {
    case .inForce?: "in force already"
    case .reload?: "a reload takes effect: systemctl reload announcer"
    case .restart?: "needs a restart, not a reload: systemctl restart announcer"
    default: nil
    }
  }

  /// Absent values are null, never missing.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(silence, forKey: .silence)
    try container.encode(version, forKey: .version)
    try container.encode(node, forKey: .node)
    try container.encode(file, forKey: .file)
    try container.encode(loadedAt, forKey: .loadedAt)
    try container.encode(onDisk, forKey: .onDisk)
  }
}
