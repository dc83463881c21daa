internal import AddressPools
internal import Cluster
internal import Control
internal import Lease
internal import LinuxSystem
internal import Wire

/// Answers `announcer pools`, beside the coordinator: with thousands of Services it may take its time.
struct PoolsReporter: Sendable {
  let mailbox: Mailbox
  let model: PoolModel
  let gate: DutyGate
  let version: String

  func answer() async -> Response {
    guard let knowledge = await mailbox.knowledge() else {
      return Response(version: version, error: "this announcer is shutting down")
    }
    let model = model
    var status = await withThread(named: "pools") { model.facts().status }
    status.version = version
    status.node = knowledge.node
    status.warnings += knowledge.poolWarnings
    (status.state, status.holder, status.error) = standing(knowledge)
    if !model.knowsPools {
      // That no pool has an address for a Service is said once the pools are known.
      status.services.unsatisfied = [:]
      status.unsatisfied = []
    }
    return Response(version: version, pools: status)
  }

  /// An explanation with what pools and Services have to do with the address.
  func complete(_ response: Response) async -> Response {
    guard let explanation = response.explanation, let knowledge = await mailbox.knowledge() else {
      return response
    }
    var response = response
    if explanation.services?.isEmpty == false, knowledge.givesAddresses {
      response.explanation?.notes += model.notes(onService: explanation.asked)
    }
    guard let address = IPAddress(explanation.asked) else { return response }
    response.explanation?.notes += model.notes(on: address, isGiving: knowledge.givesAddresses)
    return response
  }

  /// Who gives addresses, as far as this node knows.
  private func standing(
    _ knowledge: NodeKnowledge
  ) -> (state: PoolsStatus.State, holder: String?, error: String?) {
    guard knowledge.givesAddresses else { return (.off, nil, nil) }
    let view = knowledge.view
    if gate.term != nil {
      let trouble = model.trouble
      return trouble == nil ? (.giving, knowledge.node, nil) : (.blocked, nil, trouble)
    }
    if let holder = view.holders[Duty.addressPools.claim] { return (.standby, holder.node, nil) }
    return (.waiting, nil, view.error?.description)
  }
}

extension PoolModel {
  /// Why a Service has no addresses of the pools; empty where it has them, or is not theirs.
  fileprivate func notes(onService name: String) -> [String] {
    facts().services.filter { $0.service.description == name && !$0.isSatisfied }
      .map { "address pools: \($0.message) (\($0.trouble))" }
  }
}

/// What the pools and Services are like at one moment.
struct PoolFacts: Sendable {
  let pools: [PoolReport]
  let services: [ServiceReport]
  let foreign: [ForeignActivity]
}

extension PoolModel {
  func facts() -> PoolFacts {
    with { allocator in
      // A node that does not give has decided nothing yet. It writes nothing for that.
      _ = allocator.plan(limit: .max, at: .now)
      return PoolFacts(
        pools: allocator.report(), services: allocator.services(),
        foreign: allocator.foreignActivity)
    }
  }
}

extension PoolFacts {
  /// Services that have no addresses, by reason.
  var unsatisfied: [String: Int] {
    var counts: [String: Int] = [:]
    for service in services where !service.isSatisfied {
      counts[service.trouble, default: 0] += 1
    }
    return counts
  }

  /// Without who asks and who gives.
  fileprivate var status: PoolsStatus {
    PoolsStatus(
      version: "", node: "", state: .off,
      pools: pools.map(PoolStatus.init),
      services: PoolServices(
        responsible: services.count, satisfied: services.count(where: \.isSatisfied),
        unsatisfied: unsatisfied),
      unsatisfied: services.filter { !$0.isSatisfied }.map { service in
        UnsatisfiedService(
          service: service.service.description, reason: service.trouble, message: service.message)
      },
      foreign: foreign.map(\.line),
      warnings: pools.flatMap { pool in pool.notes.map { "pool \(pool.name): \($0)" } })
  }
}

extension PoolReport {
  var state: PoolStatus.State {
    if !faults.isEmpty { return .invalid }
    if conflict != nil { return .conflict }
    return isDisabled ? .disabled : .active
  }
}

extension PoolStatus {
  fileprivate init(_ report: PoolReport) {
    self.init(
      name: report.name, ranges: report.blocks, state: report.state, total: "\(report.total)",
      available: "\(report.available)", used: "\(report.used)", services: report.services,
      reason: report.faults.isEmpty ? report.conflict : report.faults.joined(separator: "; "))
  }
}

extension ForeignActivity {
  /// For people.
  var line: String {
    let wrote = wrote.isEmpty ? "nothing" : wrote.joined(separator: ", ")
    let found = found.isEmpty ? "nothing" : found.joined(separator: ", ")
    let times = count == 1 ? "once" : "\(count) times"
    return
      "somebody else wrote the status of \(service) (\(times)): it had \(wrote), and then \(found)"
      + (isLeftAlone ? "; it is left to them for a while" : "")
  }
}
