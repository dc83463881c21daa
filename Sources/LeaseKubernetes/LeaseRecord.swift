internal import Lease
internal import Wire

/// One of our Leases, read: what its name and label promise.
struct LeaseRecord: Hashable, Sendable {
  enum Subject: Hashable, Sendable {
    case node(NodeRecord)
    case claim(IPAddress, ClaimRecord)
    /// It has our label, but none of our names.
    case unknown
  }

  let name: String
  let uid: String
  /// etcd's revision of the last write (etcd counts the writes of all objects in one row).
  let version: UInt64
  /// Whether it has our label. The watch sees no others.
  let isOurs: Bool
  let subject: Subject

  /// Nil for what is no Lease, or has no version that is a number.
  init?(_ form: LeaseForm) {
    guard let metadata = form.metadata, let name = metadata.name,
      let version = metadata.resourceVersion.flatMap({ UInt64($0) }), version > 0
    else { return nil }
    self.name = name
    self.version = version
    uid = metadata.uid ?? ""
    isOurs = metadata.labels?[Annotations.manager.key] == Annotations.manager.value
    let annotations = metadata.annotations ?? [:]
    let spec = form.spec ?? LeaseForm.Spec()
    if name.hasPrefix(LeaseNames.nodePrefix) {
      subject = .node(NodeRecord(spec, annotations, name: name))
    } else if let address = LeaseNames.address(of: name) {
      subject = .claim(address, ClaimRecord(spec, annotations))
    } else {
      subject = .unknown
    }
  }
}

/// Who is named in `holderIdentity`: `<node>/<session>`, so that `kubectl get leases` shows it.
struct HolderIdentity: Hashable, Sendable {
  let node: String
  let session: SessionID

  init(node: String, session: SessionID) {
    self.node = node
    self.session = session
  }

  /// Nil for nobody: an empty text, as good as none. Whatever else stands there is somebody.
  init?(_ text: String?) {
    guard let text, !text.isEmpty else { return nil }
    guard let slash = text.lastIndex(of: "/") else {
      self.init(node: text, session: SessionID(text))
      return
    }
    self.init(
      node: String(text[..<slash]), session: SessionID(String(text[text.index(after: slash)...])))
  }

  var text: String { "\(node)/\(session)" }
}
