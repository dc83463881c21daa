import Cluster
import KubernetesObjects
import Testing

struct WatchEventTests {
  private func event(_ json: String) throws -> WatchEvent {
    try WatchEvent(json: Array(json.utf8), of: .service)
  }

  private let web = Service(ObjectName("shop", "web"))

  private var webAtVersion9: Service {
    var service = web
    service.allocation.version = "9"
    return service
  }

  @Test func theKindsOfEvent() throws {
    let object =
      #"{"kind":"Service","metadata":{"name":"web","namespace":"shop","resourceVersion":"9"}}"#
    #expect(
      try event(#"{"type":"ADDED","object":\#(object)}"#)
        == .changed(.service(webAtVersion9), resourceVersion: "9"))
    #expect(
      try event(#"{"object":\#(object),"type":"MODIFIED"}"#)
        == .changed(.service(webAtVersion9), resourceVersion: "9"))
    #expect(
      try event(#"{"type":"DELETED","object":\#(object)}"#)
        == .deleted(web.name, resourceVersion: "9"))
    #expect(
      try event(
        #"{"type":"BOOKMARK","object":{"kind":"Service","metadata":{"resourceVersion":"12","creationTimestamp":null},"spec":{},"status":{"loadBalancer":{}}}}"#
      ) == .bookmark(resourceVersion: "12"))
    #expect(try event(#"{"type":"SOMETHING","object":{}}"#) == .unknown("SOMETHING"))
  }

  /// What a server sends, with HTTP status 200, when the version that is watched from has expired.
  @Test func anErrorInsideTheStream() throws {
    #expect(
      try event(
        #"{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version: 1 (4)","reason":"Expired","code":410}}"#
      ) == .failed(code: 410, reason: "Expired", message: "too old resource version: 1 (4)"))
    #expect(try event(#"{"type":"ERROR"}"#) == .failed(code: 0, reason: "", message: ""))
  }

  @Test func anObjectThatCannotBeReadDoesNotEndTheWatch() throws {
    #expect(
      try event(
        #"{"type":"ADDED","object":{"metadata":{"name":"web","resourceVersion":"9"},"spec":{"externalIPs":[1]}}}"#
      )
        == .unreadable(
          UnreadableObject(
            name: ObjectName("default", "web"),
            reason: "Service default/web: object.spec.externalIPs[0]: text is expected here"),
          resourceVersion: "9"))
    #expect(
      try event(#"{"type":"ADDED"}"#)
        == .unreadable(
          UnreadableObject(name: nil, reason: "an event without an object"), resourceVersion: ""))
  }

  /// It is gone, whatever it was like.
  @Test func anObjectThatCannotBeReadCanBeDeleted() throws {
    #expect(
      try event(
        #"{"type":"DELETED","object":{"metadata":{"name":"web","resourceVersion":"9"},"spec":{"externalIPs":[1]}}}"#
      ) == .deleted(ObjectName("default", "web"), resourceVersion: "9"))
  }

  /// A watch may be cut at any octet.
  @Test func aLineThatIsCutIsNoEvent() throws {
    let line = #"{"type":"ADDED","object":{"metadata":{"name":"web","namespace":"shop"}}}"#
    for length in 0..<line.utf8.count {
      #expect(throws: UnreadableJSON.self) { try event(String(line.prefix(length))) }
    }
    let error = #expect(throws: UnreadableJSON.self) { try event("{}") }
    #expect(error?.description == "`type` is missing")
  }
}
