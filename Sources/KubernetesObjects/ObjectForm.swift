package import Cluster

/// How an object of one kind is written, of which only the fields that matter are read.
///
/// The forms are plain `Decodable`, so that JSON from the API server and YAML from files are read by the
/// same words. A field that is null counts as absent, as the API server counts it; a field of the wrong
/// type is an error, which a file's author wants to hear of and the API server never causes.
package protocol ObjectForm: Decodable {
  static var kind: ClusterObject.Kind { get }
  var metadata: Metadata { get }
  /// - Parameter place: the file and line it was read from; nil from the API server.
  func object(place: String?) -> ClusterObject
}

extension ClusterObject.Kind {
  /// The form that objects of this kind are written in.
  package var form: any ObjectForm.Type {
    switch self {
    case .service: ServiceForm.self
    case .endpointSlice: EndpointSliceForm.self
    case .node: NodeForm.self
    case .policy: PolicyForm.self
    case .pool: PoolForm.self
    }
  }
}
