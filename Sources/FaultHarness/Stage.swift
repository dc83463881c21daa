internal import FaultCheckers
internal import FoundationEssentials
internal import LANTestKit
internal import LinuxSystem
internal import Time
internal import Wire

/// A set-up of one layout: a LAN with nodes, a client that asks all the time and a host that only
/// listens; beside it the store, on a network of its own; and what records both.
final class Stage: Sendable {
  let layout: Layout
  /// Where addresses are announced. Its bridge has a second half, `br1`, for a LAN that is split.
  let lan: LAN
  let workplace: Workplace
  let store: StoreCluster
  /// Nil where the store is etcd itself.
  let apiServers: APIServers?
  let nodes: [Node]
  let history: HistoryRecorder
  let meter: SightingMeter
  private let probers: [Prober]
  private let meterTask: Task<Void, Never>

  static let halves = ["br0", "br1"]

  /// Asks all the time.
  var client: Host { lan["client"] }
  /// Asked once for every address; what it knows since, it knows from announcements.
  var peer: Host { lan["peer"] }
  /// Neither node nor client.
  var foreign: Host { lan["foreign"] }

  var stations: [MACAddress: String] {
    Dictionary(uniqueKeysWithValues: nodes.map { ($0.mac, $0.name) })
  }

  /// What the store has told of so far, as the checkers read it.
  var events: [StoreEvent] { layout.backend.events(history.records) }

  /// When the client did not ask although it should have.
  var pauses: [Range<Instant>] { probers[0].pauses }

  private init(
    layout: Layout, lan: LAN, workplace: Workplace, store: StoreCluster, apiServers: APIServers?,
    nodes: [Node], history: HistoryRecorder, meter: SightingMeter, probers: [Prober]
  ) {
    self.layout = layout
    self.lan = lan
    self.workplace = workplace
    self.store = store
    self.apiServers = apiServers
    self.nodes = nodes
    self.history = history
    self.meter = meter
    self.probers = probers
    meterTask = Task { await meter.run() }
  }

  /// Sets up, runs `body`, and takes everything away again.
  static func with<Success>(
    _ layout: Layout, _ programs: Programs, _ body: (Stage) async throws -> Success
  ) async throws -> Success {
    let names = (0..<layout.nodes).map { "node\($0)" }
    let servers = StoreCluster.hosts(layout) + APIServers.hosts(layout)
    return try await Workplace.with { workplace in
      try await LAN.with(hosts: names + ["client", "peer", "foreign"]) { lan in
        try await LAN.with(hosts: servers) { storeLAN in
          let store = try await StoreCluster.start(layout, on: storeLAN, in: workplace)
          let apiServers: APIServers? =
            if layout.apiServers == 0 { nil } else {
              try await APIServers.start(
                layout, program: programs.apiServer ?? "", etcd: store.urls, on: storeLAN,
                in: workplace)
            }
          let stage = try await Stage(
            layout, lan, storeLAN, workplace, store, apiServers, programs.announcer)
          do {
            try await stage.begin()
            let result = try await body(stage)
            stage.end()
            return result
          } catch {
            stage.end()
            throw error
          }
        }
      }
    }
  }

  private convenience init(
    _ layout: Layout, _ lan: LAN, _ storeLAN: LAN, _ workplace: Workplace, _ store: StoreCluster,
    _ apiServers: APIServers?, _ program: String
  ) async throws {
    try await lan.bridge.ip("link", "add", "name", Self.halves[1], "type", "bridge")
    try await lan.bridge.ip("link", "set", "dev", Self.halves[1], "up")
    try await lan["client"].addAddress("10.80.0.1/12")
    try await lan["peer"].addAddress("10.80.0.2/12")
    try await lan["peer"].addAddress("2001:db8::2/64")
    var nodes: [Node] = []
    for index in 0..<layout.nodes {
      let host = lan["node\(index)"]
      try await storeLAN.connect(host, link: Node.storeLink)
      try await host.addAddress("\(StoreCluster.nodeAddress(index))/24", link: Node.storeLink)
      nodes.append(
        try Node(
          name: host.name, host: host, mac: try await host.hardwareAddress(), program: program,
          workplace: workplace,
          configuration: DaemonConfiguration.text(
            layout, store, apiServers, workplace, node: index)))
    }
    let history = HistoryRecorder(store.gateways, layout.backend)
    try await history.start()
    // A second one on the other side, so that both halves of a split LAN show who answers.
    let probers = [
      try await Prober(on: lan["client"], for: layout.addresses, every: layout.probeInterval),
      try await Prober(
        on: lan["foreign"], for: Array(layout.addresses.prefix(4)), every: .milliseconds(6)),
    ]
    self.init(
      layout: layout, lan: lan, workplace: workplace, store: store, apiServers: apiServers,
      nodes: nodes, history: history,
      meter: SightingMeter(store.gateways, history, key: layout.backend.meterKey), probers: probers)
  }

  /// Starts the daemons, the first one first, so that it has every address.
  private func begin() async throws {
    for node in nodes.prefix(1) {
      try node.start()
      try await node.waitUntilReady()
    }
    for node in nodes.dropFirst() { try node.start() }
    for node in nodes.dropFirst() { try await node.waitUntilReady(within: .seconds(60)) }
    try await introduce()
  }

  /// Has the listening host look for the addresses, so that it has neighbour entries to be changed.
  func introduce() async throws {
    for address in layout.addresses.prefix(4) {
      try? await peer.sendDatagram(to: "\(address)")
    }
  }

  private func end() {
    meterTask.cancel()
    history.stop()
    for prober in probers { prober.stop() }
  }
}
