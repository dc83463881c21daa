import Announcer
import Cluster
import FoundationEssentials
import KubernetesTestKit
import LANTestKit
import Manifests
import Testing
import Wire

/// No silent no: whatever keeps an address or a Service from being announced is found by `check`, `status`,
/// `explain` and, where there is a cluster, by an event of the right type.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct NoSilentNoTests {
  private func write(_ objects: [String], to directory: String) throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    for (number, object) in objects.enumerated() {
      try object.write(
        toFile: "\(directory)/\(100 + number).yaml", atomically: true, encoding: .utf8)
    }
  }

  private func checked(_ node: Node) async throws -> JSONValue {
    try JSONValue(
      try await node.host.run(
        Program.path, "check", "--config", node.configuration, "--output", "json"
      ).standardOutput)
  }

  private func explained(_ node: Node, _ what: String) async throws -> String {
    let text = try await node.client.ask("explain", what).standardOutput
    #expect(!text.contains("nothing there asks for it"), "\(what): \(text)")
    // As one line: the text is wrapped for a terminal.
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  // MARK: Services

  /// The files have the reasons that the rows say, each at least once.
  @Test func everyServiceReasonHasItsRow() async throws {
    try await Scratch.with { scratch in
      let directory = scratch.path("manifests")
      try write([ServiceNo.policy] + ServiceNo.besidePolicy.map(\.service), to: directory)
      var reader = ManifestReader([directory])
      let snapshot = reader.read()
      #expect(snapshot.errors.isEmpty)
      var selection = Selection(SelectionSettings(node: "node-a", hasPolicyKind: false))
      for object in snapshot.objects { selection.update(object, from: .manifests) }
      for row in ServiceNo.besidePolicy {
        let reasons = selection.reasons(
          ofService: ObjectName("default", row.name), from: .manifests)
        #expect(reasons?.map { ServiceNo($0) }.contains(row) == true, "\(row): \(reasons ?? [])")
      }
    }
  }

  @Test func everyServiceThatIsNotAnnouncedIsToldOf() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let directory = scratch.path("manifests")
      try write([ServiceNo.policy] + ServiceNo.besidePolicy.map(\.service), to: directory)
      let node = try await Node.start(
        on: lan["node"], in: scratch, Node.Settings(extra: "manifests: [\(directory)]"))
      let listed = ServiceNo.besidePolicy.filter(\.isListed)
      try await eventually {
        try await told(node)["services"]?["unannounced"] == .number(Double(listed.count))
      }
      let (check, status) = (try await checked(node), try await told(node))
      for (number, row) in ServiceNo.besidePolicy.enumerated() {
        let service = "default/\(row.name)"
        let inCheck = entry(of: service, in: check["unannounced"])
        let inStatus = entry(of: service, in: status["services"]?["first"])
        #expect((inCheck != nil) == row.isListed && (inStatus != nil) == row.isListed, "\(row)")
        if row.isListed {
          let place = JSONValue.string("\(directory)/\(101 + number).yaml:1")
          #expect(has(inCheck?["reasons"], row.words), "\(row): \(inCheck as Any)")
          #expect(has(inStatus?["reason"], row.words), "\(row): \(inStatus as Any)")
          #expect(inCheck?["place"] == place && inStatus?["place"] == place)
        }
        for what in [service, row.address].compactMap(\.self) {
          let explanation = try await explained(node, what)
          #expect(explanation.contains(row.words), "\(what): \(explanation)")
        }
      }
      // What can never be meant so is a problem, with the place to correct it.
      #expect(check["ok"] == .bool(false))
      #expect(has(check["problems"], "'${MQTT_LB_IP}' cannot be announced"))
      #expect(has(check["problems"], ".yaml:1"))
      // For people, too.
      let forPeople = try await node.host.run(
        Program.path, "check", "--config", node.configuration)
      #expect(forPeople.standardOutput.contains("not announced (\(listed.count) Services)"))
      let shown = try await node.client.ask("status").standardOutput
      #expect(shown.contains("\(listed.count) not announced: "))
      #expect(shown.contains("Services that are not announced:"))
      let unknown = try await node.client.ask("explain", "default/nobody")
      #expect(unknown.status == .exited(1))
      #expect(unknown.standardOutput.contains("node-a knows no Service default/nobody"))
    }
  }

  /// What holds where there is no policy: none is wanted, one may be hidden, those that were are gone.
  @Test func aServiceWithoutPoliciesIsToldOf() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let directory = scratch.path("manifests")
      try write([ServiceNo.policiesGone.service], to: directory)
      func settings(_ policy: String) -> Node.Settings {
        Node.Settings(
          addresses: [], extra: "manifests: [\(directory)]\ndefaultPolicy: \(policy)")
      }
      let node = try await Node.start(on: lan["node"], in: scratch, settings("none"))
      let address = try #require(ServiceNo.policiesGone.address)
      func expect(_ row: ServiceNo, check isChecked: Bool) async throws {
        try await eventually("\(row)") {
          has(try await told(node)["services"]?["first"], row.words)
        }
        for what in ["default/\(ServiceNo.policiesGone.name)", address] {
          #expect(try await explained(node, what).contains(row.words), "\(row)")
        }
        if isChecked { #expect(has(try await checked(node)["unannounced"], row.words), "\(row)") }
      }
      try await expect(.defaultPolicyOff, check: true)
      try node.reload(settings("all"))
      try await node.waitFor("announcing", address)
      let file = "\(directory)/policy.yaml"
      try ServiceNo.policy.replacing("\"yes\"", with: "[\"yes\"]")
        .write(toFile: file, atomically: true, encoding: .utf8)
      try await expect(.policiesUnread, check: true)
      try ServiceNo.policy.write(toFile: file, atomically: true, encoding: .utf8)
      try await node.waitFor("announcing", address)
      try FileManager.default.removeItem(atPath: file)
      // `check` looks at files as a daemon would that starts now.
      try await expect(.policiesGone, check: false)
    }
  }

  @Test func theClusterHearsOfItsServicesByEvents() async throws {
    try await withCluster { cluster in
      let server = cluster.server
      try server.put(ServiceNo.policy)
      for row in ServiceNo.besidePolicy { try server.put(row.service) }
      // It stays for its finalizer.
      server.delete("services", "default", ServiceNo.beingDeleted.name)
      let node = try await cluster.start("node-a")
      func event(_ row: ServiceNo) -> JSON? {
        server.objects("events").first { $0["involvedObject"]["name"].string == row.name }
      }
      for row in ServiceNo.besidePolicy {
        guard let expected = row.event else { continue }
        await eventually("\(row)") { event(row) != nil }
        #expect(event(row)?["reason"].string == expected.reason, "\(row)")
        #expect(event(row)?["type"].string == expected.type, "\(row)")
        let message = event(row)?["message"].string ?? ""
        #expect(message.contains(row.words), "\(row): \(message)")
      }
      for row in ServiceNo.besidePolicy where row.event == nil {
        #expect(event(row) == nil, "\(row)")
      }
      let explanation = try await explained(node, "default/\(ServiceNo.noPolicySelects.name)")
      #expect(explanation.contains("(from the API server) is not announced: no policy selects it"))
    }
  }

  // MARK: Addresses

  @Test func everyBlockReasonInFilesIsToldOf() async throws {
    try await withLAN(["node"]) { lan, scratch in
      try await lan["node"].ip("link", "add", "down0", "type", "veth", "peer", "name", "down1")
      try await lan["node"].addAddress("10.80.8.1/24")
      let rows = BlockNo.allCases.filter { $0.stage == .files }
      let directory = scratch.path("manifests")
      try write(
        [Objects.policy(selecting: BlockNo.selected)] + rows.flatMap(\.objects), to: directory)
      let node = try await start(
        on: lan["node"], scratch, directory, entries: rows.compactMap(\.entry))
      try await expectTold(rows, node)

      // The whole node, by what its object says; and the others, which may take over.
      for row in BlockNo.allCases.filter({ $0.stage == .node }) {
        try write(
          [Objects.policy(selecting: BlockNo.selected)] + row.nodes + row.objects,
          to: scratch.path(row.rawValue))
        try node.reload(
          text: yaml(scratch, scratch.path(row.rawValue), entries: [], socket: node.socket))
        try await expectTold([row], node)
      }

      // It was described before.
      let gone = BlockNo.nodeGone
      try write(
        [Objects.policy(selecting: BlockNo.selected)] + gone.objects,
        to: scratch.path(gone.rawValue))
      try node.reload(
        text: yaml(scratch, scratch.path(gone.rawValue), entries: [], socket: node.socket))
      try await expectTold([gone], node)

      let drained = BlockNo.drained
      try node.reload(
        text: yaml(
          scratch, directory, entries: ["{addresses: [\(drained.address)]}"], socket: node.socket))
      try await node.waitFor("announcing", drained.address)
      try await node.client.ask("drain")
      try await expectTold([drained], node)
    }
  }

  @Test func aNodeThatTheClusterDoesNotKnowIsToldOf() async throws {
    try await withCluster { cluster in
      let row = BlockNo.nodeUnknown
      cluster.server.delete("nodes", "", "node-a")
      try cluster.server.put(Objects.policy())
      try cluster.server.put(Objects.service("web", row.address))
      let node = try await cluster.start("node-a")
      try await node.waitFor("blocked", row.address)
      #expect(try await node.address(row.address)?.reason?.contains(row.words) == true)
      #expect(try await explained(node, row.address).contains(row.words))
      #expect(has(try await checked(node)["problems"], row.words))
      await eventually {
        cluster.server.objects("events").contains {
          $0["reason"].string == "CannotAnnounce" && $0["type"].string == "Warning"
            && $0["message"].string?.contains(row.words) == true
        }
      }
    }
  }

  @Test func aPolicyThatSelectsNoNodeIsToldOf() async throws {
    try await withCluster { cluster in
      let row = BlockNo.noNodeSelected
      for object in row.objects { try cluster.server.put(object) }
      let node = try await cluster.start("node-a")
      try await node.waitFor("blocked", row.address)
      #expect(try await node.address(row.address)?.reason?.contains(row.words) == true)
      #expect(try await explained(node, row.address).contains(row.words))
      await eventually {
        cluster.server.objects("events").contains {
          $0["reason"].string == "CannotAnnounce"
            && $0["message"].string?.contains(row.words) == true
        }
      }
    }
  }

  private func expectTold(_ rows: [BlockNo], _ node: Node) async throws {
    for row in rows { try await node.waitFor("blocked", row.address) }
    let check = try await checked(node)
    for row in rows {
      #expect(try await node.address(row.address)?.reason?.contains(row.words) == true, "\(row)")
      let explanation = try await explained(node, row.address)
      #expect(explanation.contains(row.words), "\(row): \(explanation)")
      if row.stage == .running { continue }
      #expect(has(check["announcements"], row.words), "\(row): \(check)")
      #expect(has(check["problems"], row.words) == row.isProblem, "\(row)")
    }
  }

  // MARK: What cannot be read

  /// Something in a file that cannot be read as it was meant, and what is said of it.
  private static let unreadable: [(name: String, text: String, words: String)] = [
    ("syntax", "kind: Service\n  spec: {", "syntax.yaml:"),
    ("type", #"{"apiVersion": "v1", "kind": "Service", "metadata": 3}"#, "type.yaml:1:"),
    (
      "services",
      fault(
        "services", #""serviceSelector": {"matchExpressions": [{"key": "a", "operator": "Is"}]}"#),
      "policy services, "
    ),
    (
      "nodes",
      fault("nodes", #""nodeSelector": {"matchExpressions": [{"key": "a", "operator": "Is"}]}"#),
      "policy nodes, "
    ),
    ("interfaces", fault("interfaces", #""interfaces": ["("]"#), "policy interfaces, "),
  ]

  private static func fault(_ name: String, _ field: String) -> String {
    """
    {"apiVersion": "cilium.io/v2alpha1", "kind": "CiliumL2AnnouncementPolicy",
     "metadata": {"name": "\(name)"}, "spec": {"loadBalancerIPs": true, \(field)}}
    """
  }

  /// Who asks about an address that nobody wants hears of what could not be read.
  @Test func whatCannotBeReadIsToldOf() async throws {
    try await withLAN(["node"]) { lan, scratch in
      let directory = scratch.path("manifests")
      try write([Objects.policy()], to: directory)
      let node = try await start(
        on: lan["node"], scratch, directory, entries: ["{addresses: [10.80.8.150]}"])
      try await node.waitFor("announcing")
      for case_ in Self.unreadable {
        try case_.text.write(
          toFile: "\(directory)/\(case_.name).yaml", atomically: true, encoding: .utf8)
        try await eventually("\(case_.name)") {
          try await node.status().warnings.contains { $0.contains(case_.words) }
        }
        let check = try await checked(node)
        #expect(check["ok"] == .bool(false), "\(case_.name)")
        #expect(has(check["problems"], case_.words), "\(case_.name): \(check)")
        let explanation = try await explained(node, "10.80.8.199")
        #expect(explanation.contains(case_.words), "\(case_.name): \(explanation)")
        try FileManager.default.removeItem(atPath: "\(directory)/\(case_.name).yaml")
      }
    }
  }

  @Test func anAPIServerThatIsNotHeardIsToldOf() async throws {
    try await withCluster { cluster in
      let node = try await cluster.start("node-a")
      try await eventually { try await node.status().sources.first?.state == "synced" }
      try await cluster.server.kill()
      try await eventually { try await node.status().sources.first?.state == "failing" }
      #expect(try await explained(node, "10.80.8.199").contains("is not heard: "))
      #expect(has(try await checked(node)["problems"], "kubernetes: "))
    }
  }

  // MARK: Parts

  private func told(_ node: Node) async throws -> JSONValue {
    try JSONValue(try await node.client.ask("status", "--output", "json").standardOutput)
  }

  private func entry(of service: String, in list: JSONValue?) -> JSONValue? {
    guard case .array(let items)? = list else { return nil }
    return items.first { $0["service"] == .string(service) }
  }

  private func has(_ value: JSONValue?, _ words: String) -> Bool { text(value).contains(words) }

  /// All texts in a value.
  private func text(_ value: JSONValue?) -> String {
    switch value {
    case .string(let text): text
    case .array(let items): items.map { text($0) }.joined(separator: "\n")
    case .object(let members): members.values.map { text($0) }.joined(separator: "\n")
    default: ""
    }
  }

  private func yaml(
    _ scratch: Scratch, _ manifests: String, entries: [String], socket: String
  ) -> String {
    """
    node: node-a
    announcements: [\(entries.joined(separator: ", "))]
    manifests: [\(manifests)]
    lease: {local: {directory: \(scratch.path("claims"))}}
    control: {socket: \(socket)}

    """
  }

  private func start(
    on host: Host, _ scratch: Scratch, _ manifests: String, entries: [String]
  ) async throws -> Node {
    let node = try await Node.start(
      on: host, in: scratch,
      Node.Settings(addresses: [], extra: "manifests: [\(manifests)]"))
    try node.reload(text: yaml(scratch, manifests, entries: entries, socket: node.socket))
    return node
  }
}
