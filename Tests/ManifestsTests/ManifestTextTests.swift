import Cluster
import Testing

@testable import Manifests

struct ManifestTextTests {
  private func read(_ text: String) -> ManifestText {
    ManifestText(Array(text.utf8), file: "web.yaml")
  }

  private func error(_ text: String) -> String {
    let read = read(text)
    #expect(read.objects.isEmpty)
    #expect(read.errors.count <= 1)
    return read.errors.first?.description ?? "no error"
  }

  @Test func severalDocumentsOfEveryKind() {
    let text = read(
      """
      # what the cluster has
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        namespace: shop
        labels: {app: web, port: 80, "on": yes}
      spec:
        type: LoadBalancer
        externalIPs: [10.0.1.1]
        externalTrafficPolicy: Local
        ports: [{port: 80, targetPort: http}]
        loadBalancerIP: ~
      status:
        loadBalancer:
          ingress:
          - ip: 10.0.0.1
          - hostname: lb.example
      ---
      ---
      apiVersion: cilium.io/v2alpha1
      kind: CiliumL2AnnouncementPolicy
      metadata: {name: lan}
      spec:
        loadBalancerIPs: yes
        interfaces: ["^eth[0-9]+"]
        externalIPs: off
        nodeSelector: {matchLabels: {role: gateway}}
        serviceSelector:
          matchExpressions: [{key: app, operator: In, values: [web]}]
      ---
      apiVersion: cilium.io/v2
      kind: CiliumLoadBalancerIPPool
      metadata: {name: blue}
      spec: {blocks: [{cidr: 10.0.0.0/28}]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: node-a, labels: {role: gateway}}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
      addressType: IPv4
      endpoints: [{addresses: [10.1.0.1], nodeName: node-a, conditions: {ready: true}}]
      """)
    #expect(text.errors == [])
    #expect(text.notes == [])
    #expect(text.objects.map(\.line) == [2, 21, 32, 37, 41])
    let web = Service(
      ObjectName("shop", "web"), labels: ["app": "web", "port": "80", "on": "yes"],
      type: "LoadBalancer", externalIPs: ["10.0.1.1"],
      ingress: [.init(ip: "10.0.0.1"), .init(hostname: "lb.example")], isLocal: true,
      place: "web.yaml:2")
    let lan = L2AnnouncementPolicy(
      "lan", nodeSelector: LabelSelector(matchLabels: ["role": "gateway"]),
      serviceSelector: LabelSelector(
        matchExpressions: [.init(key: "app", operator: "In", values: ["web"])]),
      interfaces: ["^eth[0-9]+"], loadBalancerIPs: true, place: "web.yaml:21")
    #expect(
      text.objects.map(\.object) == [
        .service(web), .policy(lan),
        .pool(LoadBalancerIPPool("blue", blocks: [.cidr("10.0.0.0/28")])),
        .node(Node("node-a", labels: ["role": "gateway"])),
        .endpointSlice(
          EndpointSlice(
            ObjectName("shop", "web-1"), service: "web", families: [.ipv4],
            endpoints: [.init(node: "node-a", isReady: true)])),
      ])
  }

  @Test func listsAndJSON() {
    let list = read(
      """
      apiVersion: v1
      kind: List
      items:
      - apiVersion: v1
        kind: Service
        metadata: {name: a}
      - apiVersion: v1
        kind: ConfigMap
        metadata: {name: x}
      - {apiVersion: v1, kind: ServiceList, items: [{metadata: {name: b, namespace: n}}]}
      """)
    #expect(list.objects.map(\.object.name) == [ObjectName("default", "a"), ObjectName("n", "b")])
    #expect(list.objects.map(\.line) == [4, 10])
    #expect(list.notes.map(\.description) == ["web.yaml:7:3: ConfigMap of v1 is passed over"])
    let json = read(
      #"""
      {"apiVersion": "v1", "kind": "ServiceList", "items": [
        {"metadata": {"name": "a", "labels": null}, "spec": {"loadBalancerIP": "10.0.0.1"}}]}
      """#)
    #expect(json.errors == [])
    #expect(
      json.objects.map(\.object)
        == [
          .service(
            Service(ObjectName("default", "a"), loadBalancerIP: "10.0.0.1", place: "web.yaml:2"))
        ])
    #expect(read("apiVersion: v1\nkind: List\nitems: null").objects.isEmpty)
  }

  @Test(arguments: ["", "---\n", "# nothing\n", "---\n---\n~\n"])
  func nothingIsNoError(text: String) {
    let text = read(text)
    #expect(text.errors == [])
    #expect(text.objects.isEmpty)
  }

  @Test func unknownKindsArePassedOverWithANote() {
    let text = read(
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      ---
      apiVersion: serving.knative.dev/v1
      kind: Service
      metadata: {name: web}
      ---
      apiVersion: longhorn.io/v1beta2
      kind: Node
      metadata: {name: node-a}
      """)
    #expect(
      text.notes.map(\.description) == [
        "web.yaml:1:1: Deployment of apps/v1 is passed over",
        "web.yaml:5:1: Service of serving.knative.dev/v1 is passed over",
        "web.yaml:9:1: Node of longhorn.io/v1beta2 is passed over",
      ])
    #expect(text.kinds == [])
  }

  @Test(arguments: [
    (
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  externalIPs: 10.0.0.1\n",
      "6:16: spec.externalIPs: a list is expected here"
    ),
    (
      "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {externalIPs: [[x]]}\n",
      "4:22: spec.externalIPs[0]: text is expected here"
    ),
    (
      "apiVersion: cilium.io/v2\nkind: CiliumL2AnnouncementPolicy\nmetadata: {name: a}\n"
        + "spec:\n  externalIPs: maybe\n", "5:16: spec.externalIPs: true or false is expected here"
    ),
    (
      "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: text\n",
      "4:7: spec: a mapping of keys is expected here"
    ),
    ("apiVersion: v1\nkind: Service\nspec: {}\n", "1:1: `metadata` is missing"),
    ("apiVersion: v1\nkind: Service\nmetadata: {}\n", "1:1: `metadata.name` is missing"),
    ("metadata: {}\n", "1:1: `kind` is missing; write for instance `kind: Service`"),
    ("kind: Service\n", "1:1: `apiVersion` is missing; write for instance `apiVersion: v1`"),
    (
      "apiVersion: v1\nkind: Pod\n---\n- a\n",
      "4:3: an object is expected here"
    ),
    (
      "not found",
      "1:1: an object is expected here: a mapping with `apiVersion` and `kind`"
    ),
    (
      "kind: A\nkind: B\n",
      "2:1: the key `kind` is written twice, first on line 1; keep one of them"
    ),
    (
      "kind: [A\nx: y\n",
      "2:2: this is not YAML: did not find expected ',' or ']' while parsing a flow sequence "
        + "that begins on line 1"
    ),
    ("apiVersion: v1\nkind: List\nitems: x\n", "3:8: a list is expected here"),
    (
      "a: &a [x]\n? *a\n: b\n",
      "2:3: a key must be plain text, not a list or a mapping; write the key out"
    ),
  ])
  func aBadDocumentHasItsPlace(text: String, message: String) {
    #expect(error(text) == "web.yaml:\(message)")
    // However good the documents before it are.
    if message.contains("on line ") { return }
    let lines = 5
    let place = message.prefix { $0 != ":" }
    let rest = message.dropFirst(place.count)
    #expect(
      error(serviceText("a", "10.0.0.1") + "---\n" + text)
        == "web.yaml:\(Int(place)! + lines)\(rest)")
  }
}
