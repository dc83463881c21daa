import KubernetesTestKit
import Testing

extension Conformance {
  /// Events and EndpointSlices, which have several faces.
  @Suite struct EventConformanceTests {
    private func event(_ space: String) -> JSON {
      [
        "apiVersion": "events.k8s.io/v1", "kind": "Event",
        "metadata": ["name": "web.1", "namespace": .string(space)],
        "regarding": [
          "apiVersion": "v1", "kind": "Service", "name": "web", "namespace": .string(space),
        ],
        "eventTime": "2024-05-06T07:08:09.123456Z", "reportingController": "example.org/announcer",
        "reportingInstance": "node-a", "action": "Announce", "reason": "AddressGained",
        "type": "Normal", "note": "it is here",
      ]
    }

    @Test(arguments: TestClusterKind.available)
    func showsNewEventsInTheOldWords(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let made = try await cluster.call(
        "POST", APIKind.newEvent.path(in: space), body: event(space))
      #expect(made.code == 201, "\(made.text)")
      #expect(made.json["note"] == "it is here")
      let old = try #require(try await cluster.get(.event, in: space, "web.1"))
      #expect(old["apiVersion"] == "v1")
      #expect(old["message"] == "it is here")
      #expect(old["involvedObject"]["name"] == "web")
      #expect(old["reportingComponent"] == "example.org/announcer")
      let both = try await cluster.list(.newEvent, in: space)
      #expect(both.map { $0["regarding"]["name"] } == ["web"])
    }

    @Test(arguments: TestClusterKind.available)
    func refusesEventsThatSayTooLittle(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let path = APIKind.newEvent.path(in: space)
      for field in ["eventTime", "reportingController", "reportingInstance", "action", "reason"] {
        var sent = event(space)
        sent["metadata"]["name"] = .string(unique("web"))
        sent[field] = .null
        expectRefusal(try await cluster.call("POST", path, body: sent), 422, "Invalid", field)
      }
      for (field, value): (String, JSON) in [
        ("type", "Strange"),
        ("reportingController", "a b"), ("reason", .string(String(repeating: "x", count: 129))),
        ("message", .string(String(repeating: "x", count: 1025))),
      ] {
        var sent = event(space)
        sent["metadata"]["name"] = .string(unique("web"))
        sent[field == "message" ? "note" : field] = value
        expectRefusal(try await cluster.call("POST", path, body: sent), 422, "Invalid", field)
      }
      // Objects without a namespace have their events in that of the system.
      var node = event("kube-system")
      node["metadata"]["name"] = .string(unique("node"))
      node["regarding"] = ["apiVersion": "v1", "kind": "Node", "name": "a"]
      let answer = try await cluster.call(
        "POST", APIKind.newEvent.path(in: "kube-system"), body: node)
      #expect(answer.code == 201, "\(answer.text)")
    }

    @Test(arguments: TestClusterKind.available)
    func takesOldEvents(_ kind: TestClusterKind) async throws {
      let cluster = try kind.shared
      let space = try await cluster.makeNamespace()
      let sent: JSON = [
        "apiVersion": "v1", "kind": "Event",
        "metadata": ["name": "web.2", "namespace": .string(space)],
        "involvedObject": ["kind": "Service", "name": "web", "namespace": .string(space)],
        "reason": "AddressLost", "message": "gone", "type": "Warning", "count": 3,
        "source": ["component": "announcer", "host": "node-a"],
        "firstTimestamp": "2024-05-06T07:08:09Z", "lastTimestamp": "2024-05-06T07:08:10Z",
      ]
      let made = try await cluster.call("POST", APIKind.event.path(in: space), body: sent)
      #expect(made.code == 201, "\(made.text)")
      let new = try await cluster.get(.newEvent, in: space, "web.2")
      #expect(new?["deprecatedCount"] == 3)
      #expect(new?["note"] == "gone")
      #expect(new?["deprecatedSource"]["host"] == "node-a")
    }

    @Test(arguments: TestClusterKind.available)
    func tellsNodesOfEndpointsInItsOwnWay(_ kind: TestClusterKind) async throws {
      // 1.20 has the older version alone.
      let own = try await APIServer.start(
        {
          var options = APIServer.Options()
          options.kinds = [.namespace, .endpointSlice(["v1beta1"])]
          return options
        }())
      let cluster: any TestCluster = kind == .real ? try kind.shared : own
      let space = try await cluster.makeNamespace()
      let slices = APIKind.endpointSlice(["v1beta1"])
      let slice: JSON = [
        "apiVersion": "discovery.k8s.io/v1beta1", "kind": "EndpointSlice",
        "metadata": [
          "name": "web-1", "namespace": .string(space),
          "labels": ["kubernetes.io/service-name": "web"],
        ],
        "addressType": "IPv4", "ports": [["name": "", "port": 80]],
        "endpoints": [
          [
            "addresses": ["192.0.2.1"], "conditions": ["ready": true],
            "topology": ["kubernetes.io/hostname": "node-a"],
          ]
        ],
      ]
      let made = try await cluster.call("POST", slices.path(in: space), body: slice)
      #expect(made.code == 201, "\(made.text)")
      #expect(made.json["metadata"]["generation"] == 1)
      let endpoint = made.json["endpoints"].array.first ?? .null
      #expect(endpoint["topology"]["kubernetes.io/hostname"] == "node-a")
      #expect(endpoint["conditions"]["ready"] == true)
      let list = try await cluster.list(slices, in: space, labels: "kubernetes.io/service-name=web")
      #expect(list.count == 1)
      #expect(try await cluster.call("GET", APIKind.endpointSlice().path(in: space)).code == 404)
    }
  }
}
