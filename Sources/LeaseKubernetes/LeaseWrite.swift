internal import FoundationEssentials
internal import Lease
internal import LinuxSystem

/// What we write: a new Lease, or a merge patch (RFC 7386) of one.
///
/// Changes are patches, so that whatever others have put on a Lease stays there; each names the version
/// that it changes, and the server refuses it where there is a newer one.
struct LeaseWrite: Encodable, Sendable {
  enum Value: Encodable, Sendable {
    case text(String)
    case number(Int64)
    /// In a patch: no such field any more.
    case absent

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .number(let number): try container.encode(number)
      case .absent: try container.encodeNil()
      }
    }
  }

  struct Metadata: Encodable, Sendable {
    var name: String?
    /// What a patch is a patch of.
    var resourceVersion: String?
    var labels: [String: String]?
    var annotations: [String: Value] = [:]
  }

  // What a new object has to say; harmless in a patch.
  private var apiVersion = "coordination.k8s.io/v1"
  private var kind = "Lease"
  var metadata = Metadata()
  var spec: [String: Value] = [:]

  private enum CodingKeys: CodingKey { case apiVersion, kind, metadata, spec }

  /// A node's Lease with a session that begins.
  static func session(
    _ id: SessionID, of node: String, duration: Int64, ended: [SessionID], processID: Int32,
    version: String?
  ) -> LeaseWrite {
    var write = LeaseWrite(component: "node")
    let now = timeOfDay()
    write.metadata.annotations = [
      Annotations.node: .text(node), Annotations.host: .text(hostName()),
      Annotations.processID: .text(String(processID)), Annotations.since: .text(now),
      Annotations.version: version.map { .text($0) } ?? .absent,
      Annotations.ended: marks(ended), Annotations.preferences: .absent,
    ]
    write.spec = [
      "holderIdentity": .text(HolderIdentity(node: node, session: id).text),
      "leaseDurationSeconds": .number(duration), "acquireTime": .text(now),
      "renewTime": .text(now),
    ]
    return write
  }

  static func renewal(duration: Int64) -> LeaseWrite {
    var write = LeaseWrite()
    write.spec = [
      "leaseDurationSeconds": .number(duration), "renewTime": .text(timeOfDay()),
    ]
    return write
  }

  /// The end of a session: from then on its holder cannot renew it, and everybody knows.
  static func end(of id: SessionID, before ended: [SessionID]) -> LeaseWrite {
    var write = LeaseWrite()
    write.metadata.annotations = [
      Annotations.ended: marks([id] + ended.filter { $0 != id }), Annotations.preferences: .absent,
    ]
    write.spec = ["holderIdentity": .text("")]
    return write
  }

  static func claim(
    _ address: String, _ holder: HolderIdentity, duration: Int64, transitions: Int64,
    note: ClaimNote?
  ) -> LeaseWrite {
    var write = LeaseWrite(component: "claim")
    let now = timeOfDay()
    write.metadata.annotations = [
      Annotations.address: .text(address), Annotations.since: .text(now),
      Annotations.released: .absent,
      Annotations.interfaces: note.map { .text($0.interfaces.joined(separator: ",")) } ?? .absent,
      Annotations.hardwareAddress: note.map { .text($0.hardwareAddress) } ?? .absent,
    ]
    write.spec = [
      "holderIdentity": .text(holder.text), "leaseDurationSeconds": .number(duration),
      "acquireTime": .text(now), "renewTime": .text(now), "leaseTransitions": .number(transitions),
    ]
    return write
  }

  /// A claim given back by the session that has it.
  static func release(by id: SessionID) -> LeaseWrite {
    var write = LeaseWrite()
    write.metadata.annotations = [Annotations.released: .text(id.text)]
    write.spec = ["holderIdentity": .text("")]
    return write
  }

  private init(component: String? = nil) {
    metadata.labels = component.map {
      [Annotations.manager.key: Annotations.manager.value, Annotations.component: $0]
    }
  }

  /// As the body of a creation.
  func creating(_ name: String) -> [UInt8] {
    var write = self
    write.metadata.name = name
    write.metadata.annotations = metadata.annotations.filter {
      if case .absent = $0.value { false } else { true }
    }
    return write.json
  }

  /// As a patch of one version.
  func patching(_ version: UInt64) -> [UInt8] {
    var write = self
    write.metadata.resourceVersion = String(version)
    return write.json
  }

  private static func marks(_ ended: [SessionID]) -> Value {
    ended.isEmpty
      ? .absent : .text(ended.prefix(Annotations.mostEnded).map(\.text).joined(separator: ","))
  }

  /// The time of day in UTC as Kubernetes' `MicroTime` takes it: with exactly six digits of fraction.
  static func timeOfDay(_ nanoseconds: Int64 = wallClockNanoseconds()) -> String {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let fraction = String(rest / 1000)
    let text = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    return text.dropLast() + "." + String(repeating: "0", count: 6 - fraction.count) + fraction
      + "Z"
  }
}

/// Guards a deletion: only this object, only as it is.
struct DeletionWrite: Encodable, Sendable {
  struct Preconditions: Encodable, Sendable {
    var uid: String
    var resourceVersion: String
  }

  private var apiVersion = "v1"
  private var kind = "DeleteOptions"
  var preconditions: Preconditions

  init(uid: String, version: UInt64) {
    preconditions = Preconditions(uid: uid, resourceVersion: String(version))
  }

  private enum CodingKeys: CodingKey { case apiVersion, kind, preconditions }
}
