import KubernetesTestKit
import Testing

/// A Lease as a client sends it.
func lease(
  _ name: String, in namespace: String, holder: String = "a", labels: JSON = .null,
  version: String = "", uid: String = "", spec: [String: JSON] = [:]
) -> JSON {
  var lease: JSON = [
    "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
    "metadata": ["name": .string(name), "namespace": .string(namespace)],
    "spec": [
      "holderIdentity": .string(holder), "leaseDurationSeconds": 6,
      "renewTime": "2024-05-06T07:08:09.123456Z",
    ],
  ]
  lease["metadata"]["labels"] = labels
  if !version.isEmpty { lease["metadata"]["resourceVersion"] = .string(version) }
  if !uid.isEmpty { lease["metadata"]["uid"] = .string(uid) }
  for (field, value) in spec { lease["spec"][field] = value }
  return lease
}

func service(_ name: String, in namespace: String, spec: [String: JSON] = [:]) -> JSON {
  var service: JSON = [
    "apiVersion": "v1", "kind": "Service",
    "metadata": ["name": .string(name), "namespace": .string(namespace)],
    "spec": ["type": "LoadBalancer", "ports": [["port": 80]]],
  ]
  for (field, value) in spec { service["spec"][field] = value }
  return service
}

func policy(_ name: String, interfaces: JSON = ["eth0"]) -> JSON {
  [
    "apiVersion": "cilium.io/v2alpha1", "kind": "CiliumL2AnnouncementPolicy",
    "metadata": ["name": .string(name)],
    "spec": ["interfaces": interfaces, "loadBalancerIPs": true],
  ]
}

/// A name that no other test on the same server has.
func unique(_ stem: String) -> String { "\(stem)-\(UInt32.random(in: 0 ... .max))" }

extension TestCluster {
  func create(_ lease: JSON) async throws -> ClusterAnswer {
    try await call(
      "POST", APIKind.lease.path(in: lease["metadata"]["namespace"].string), body: lease)
  }

  func update(_ lease: JSON) async throws -> ClusterAnswer {
    try await call(
      "PUT",
      APIKind.lease.path(
        in: lease["metadata"]["namespace"].string, lease["metadata"]["name"].string),
      body: lease)
  }
}

/// What holds for the test server and for a real one alike; they share the servers.
@Suite(.sharedTestClusters) enum Conformance {}

/// That a server refuses as it should: the code, the reason, and a part of the message.
func expectRefusal(
  _ answer: ClusterAnswer, _ code: Int, _ reason: String, _ part: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let json = answer.json
  let isStatus =
    json["kind"] == "Status" && json["apiVersion"] == "v1" && json["status"] == "Failure"
    && json["code"].int == Int64(answer.code)
  let message = json["message"].string ?? ""
  #expect(
    isStatus && answer.code == code && answer.reason == reason
      && (part.isEmpty || message.contains(part)),
    "wanted \(code) \(reason) '\(part)': \(answer.code) \(answer.text)",
    sourceLocation: sourceLocation)
}
