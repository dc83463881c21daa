package import Cluster
internal import FoundationEssentials

/// One page of a list, as the API server answers it.
package struct ObjectList: Sendable {
  package var objects: [ClusterObject]
  /// The version to watch from.
  package var resourceVersion: String
  /// Where the next page begins; nil on the last.
  package var continuation: String?
  /// Objects that cannot be read. None from a healthy server.
  package var unreadable: [UnreadableObject]

  /// Reads the body of an answer to a list request.
  ///
  /// - Parameter kind: what was asked for; the elements do not say it.
  package init(json: some Sequence<UInt8>, of kind: ClusterObject.Kind) throws(UnreadableJSON) {
    self = try UnreadableJSON.catching { () throws -> ObjectList in
      try Self.read(kind.form, Data(json))
    }
  }

  private init(_ form: ListForm<some ObjectForm>) {
    objects = []
    unreadable = []
    resourceVersion = form.metadata?.resourceVersion ?? ""
    let token = form.metadata?.continue ?? ""
    continuation = token.isEmpty ? nil : token
    for item in form.items ?? [] {
      switch item {
      case .read(let object): objects.append(object)
      case .unreadable(let object): unreadable.append(object)
      }
    }
  }

  private static func read<Form: ObjectForm>(_ form: Form.Type, _ data: Data) throws -> Self {
    Self(try JSONDecoder().decode(ListForm<Form>.self, from: data))
  }
}

private struct ListForm<Form: ObjectForm>: Decodable {
  let metadata: ListMetadata?
  let items: [Item<Form>]?

  struct ListMetadata: Decodable {
    let resourceVersion: String?
    let `continue`: String?
  }
}

/// An element of a list that does not take the others with it if it cannot be read.
private enum Item<Form: ObjectForm>: Decodable {
  case read(ClusterObject)
  case unreadable(UnreadableObject)

  init(from decoder: any Decoder) throws {
    do {
      self = .read(try Form(from: decoder).object(place: nil))
    } catch {
      let name = try? NameForm(from: decoder).name(of: Form.kind)
      self = .unreadable(UnreadableObject(Form.kind, name, error.words))
    }
  }
}
