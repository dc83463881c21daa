package import Cluster
internal import FoundationEssentials

extension ClusterObject {
  /// Reads one object, as the API server answers a request for it.
  package init(json: some Sequence<UInt8>, of kind: Kind) throws(UnreadableJSON) {
    self = try UnreadableJSON.catching { () throws -> ClusterObject in
      try Self.read(kind.form, Data(json))
    }
  }

  private static func read<Form: ObjectForm>(_ form: Form.Type, _ data: Data) throws -> Self {
    try JSONDecoder().decode(Form.self, from: data).object(place: nil)
  }
}
