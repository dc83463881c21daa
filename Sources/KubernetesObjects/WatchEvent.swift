package import Cluster
internal import FoundationEssentials

/// One line of a watch.
package enum WatchEvent: Hashable, Sendable {
  /// An object is new or has changed; the version it has now.
  case changed(ClusterObject, resourceVersion: String)
  case deleted(ObjectName, resourceVersion: String)
  /// Nothing happened up to this version.
  case bookmark(resourceVersion: String)
  /// The watch is over, though the answer began as a good one. Code 410: list again.
  case failed(code: Int, reason: String, message: String)
  /// An object that cannot be read, and why. The watch goes on from the version, where it has one.
  case unreadable(UnreadableObject, resourceVersion: String)
  /// Of a type that a later server may have.
  case unknown(String)

  /// - Parameter kind: what is watched.
  package init(json: some Sequence<UInt8>, of kind: ClusterObject.Kind) throws(UnreadableJSON) {
    self = try UnreadableJSON.catching { () throws -> WatchEvent in
      try Self.read(kind.form, Data(json))
    }
  }

  private static func read<Form: ObjectForm>(_ form: Form.Type, _ data: Data) throws -> Self {
    let decoder = JSONDecoder()
    let envelope = try decoder.decode(EventForm<Envelope>.self, from: data)
    let version = envelope.object?.metadata?.resourceVersion ?? ""
    switch envelope.type {
    case "ADDED", "MODIFIED", "DELETED":
      let object: ClusterObject
      do {
        guard let form = try decoder.decode(EventForm<Form>.self, from: data).object else {
          let nothing = UnreadableObject(name: nil, reason: "an event without an object")
          return .unreadable(nothing, resourceVersion: version)
        }
        object = form.object(place: nil)
      } catch {
        let name = try? decoder.decode(EventForm<NameForm>.self, from: data).object?.name(
          of: Form.kind)
        // What it was like does not matter any more.
        if envelope.type == "DELETED", let name { return .deleted(name, resourceVersion: version) }
        return .unreadable(
          UnreadableObject(Form.kind, name, error.words), resourceVersion: version)
      }
      return envelope.type == "DELETED"
        ? .deleted(object.name, resourceVersion: version)
        : .changed(object, resourceVersion: version)
    case "BOOKMARK": return .bookmark(resourceVersion: version)
    case "ERROR":
      let status = try decoder.decode(EventForm<StatusForm>.self, from: data).object
      return .failed(
        code: status?.code ?? 0, reason: status?.reason ?? "", message: status?.message ?? "")
    default: return .unknown(envelope.type)
    }
  }
}

private struct EventForm<Object: Decodable>: Decodable {
  let type: String
  let object: Object?
}

private struct Envelope: Decodable {
  let metadata: EnvelopeMetadata?

  struct EnvelopeMetadata: Decodable {
    let resourceVersion: String?
  }
}

/// `metav1.Status`: how the API server says that something went wrong.
private struct StatusForm: Decodable {
  let code: Int?
  let reason: String?
  let message: String?
}
