internal import Cluster
internal import FoundationEssentials

/// An event as the API server takes it (`v1.Event`): on a Service, or on this node's Node, by this node.
struct EventForm: Encodable {
  struct Metadata: Encodable {
    var name: String
    var namespace: String
  }

  struct Reference: Encodable {
    var apiVersion = "v1"
    var kind: String
    /// Nil for what lies in no namespace.
    var namespace: String?
    var name: String
    var uid: String
  }

  struct Source: Encodable {
    var component = EventForm.component
    var host: String
  }

  static let component = "announcer"

  var apiVersion = "v1"
  var kind = "Event"
  var metadata: Metadata
  var involvedObject: Reference
  var reason: String
  var message: String
  var type: String
  var source: Source
  var firstTimestamp: String
  var lastTimestamp: String
  var count: Int
  var reportingComponent = EventForm.component
  var reportingInstance: String

  init(_ writing: EventQueue.Writing, name: String, node: String, time: String) {
    metadata = Metadata(name: name, namespace: writing.news.namespace)
    switch writing.news {
    case .one(let event):
      involvedObject = Reference(
        kind: "Service", namespace: event.service.namespace, name: event.service.name,
        uid: event.uid)
    case .many:
      // By the name, as kubelet does it: `kubectl describe node` looks for that.
      involvedObject = Reference(kind: "Node", name: node, uid: node)
    }
    reason = writing.news.reason.rawValue
    message = writing.news.message(from: node)
    type = writing.news.reason.isWarning ? "Warning" : "Normal"
    source = Source(host: node)
    firstTimestamp = time
    lastTimestamp = time
    count = writing.count
    reportingInstance = node
  }
}

/// What changes on an event when the same happens again: a merge patch.
struct EventUpdate: Encodable {
  var message: String
  var lastTimestamp: String
  var count: Int
}

/// The time of day in UTC to the second, as `metav1.Time` is written.
func timestamp() -> String { Date.now.formatted(.iso8601) }
