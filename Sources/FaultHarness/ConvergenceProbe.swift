internal import FaultCheckers
internal import LANTestKit
internal import LinuxSystem
internal import Time
internal import Wire

/// Asks everybody what there is: the store, the daemons, the neighbours, the kernel.
struct ConvergenceProbe {
  let stage: Stage
  let observer: LANObserver
  /// What the daemons needed before, by their pids.
  private var before: [Int32: ConvergenceFacts.Resources] = [:]

  init(stage: Stage, observer: LANObserver) {
    self.stage = stage
    self.observer = observer
    for node in stage.nodes {
      if let pid = node.process?.pid { before[pid] = node.resources }
    }
  }

  /// Waits until all is well; what is not, at the end of the time.
  func settle(until deadline: Instant) async throws -> [String] {
    while true {
      let complaints = try await complaints()
      if complaints.isEmpty || Instant.now >= deadline { return complaints }
      // Each look asks every daemon through a process of its own: many of them would be a load.
      try await Task.sleep(for: .milliseconds(20) * stage.nodes.count)
    }
  }

  private func complaints() async throws -> [String] {
    do {
      return try await facts().complaints
    } catch let error as CancellationError {
      throw error
    } catch {
      return ["no answer: \(error)"]
    }
  }

  private func facts() async throws -> ConvergenceFacts {
    var facts = ConvergenceFacts()
    facts.addresses = stage.layout.addresses
    for node in stage.nodes where node.isRunning {
      facts.nodes[node.name] = node.mac
      facts.resources[node.name] = node.resources
      if let pid = node.process?.pid { facts.resourcesBefore[node.name] = before[pid] }
      let announced = try await node.report()?.addresses.filter { $0.state == "announcing" }
      facts.announcing[node.name] = Set((announced ?? []).compactMap { IPAddress($0.address) })
    }
    let gateway = stage.store.gateway
    let backend = stage.layout.backend
    let picture = backend.picture(try await gateway.keys(backend.prefix).kvs ?? [])
    facts.sessions = picture.sessions
    facts.claims = picture.claims
    // An API server has etcd leases of its own.
    if backend == .etcd { facts.leases = try await gateway.leases() }
    let entries = try await stage.peer.neighbours()
    for entry in entries where entry.hardwareAddress != nil {
      if let address = IPAddress(entry.address), facts.addresses.contains(address) {
        facts.caches[address] = entry.hardwareAddress
      }
    }
    let stations = Set(stage.stations.keys)
    for address in facts.addresses {
      facts.answers[address] = observer.lastSpeaker(of: address, among: stations)
    }
    return facts
  }
}
