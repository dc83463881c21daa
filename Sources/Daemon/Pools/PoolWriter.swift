internal import AddressPools
internal import Cluster
internal import Kubernetes
internal import KubernetesReports
internal import LinuxSystem
internal import Synchronization
internal import Time
internal import Wire

/// Carries out the steps of a plan, several at a time, and tells the model what became of each.
final class PoolWriter: Sendable {
  private struct State {
    /// Writes of which nobody knows whether they took effect.
    var doubts: Set<ObjectName> = []
    /// Services and pools whose write the server refused.
    var restingServices: [ObjectName: Rest] = [:]
    var restingPools: [String: Rest] = [:]
    /// Whether the server keeps conditions of Services; nil until it has shown.
    var keepsConditions: Bool?
  }

  /// Something that is left alone for a while.
  private struct Rest {
    let until: Instant
    /// Why it was refused.
    let cause: APIFailure
  }

  private let parts: KubernetesParts
  private let writer: AllocationWriter
  private let model: PoolModel
  private let gate: DutyGate
  private let tell: @Sendable ([ServiceEvent]) -> Void
  private let log: EventLog
  private let state = Mutex(State())

  /// Writes on their way at the same time.
  private static let width = 8
  /// Before something is tried again that the server does not take from us.
  private static let rest = Duration.seconds(30)
  private static let patience = Duration.seconds(2)

  init(
    _ parts: KubernetesParts, _ model: PoolModel, _ gate: DutyGate, log: EventLog,
    tell: @escaping @Sendable ([ServiceEvent]) -> Void
  ) {
    self.parts = parts
    self.model = model
    self.gate = gate
    self.log = log
    self.tell = tell
    writer = AllocationWriter(parts.client)
  }

  /// When to look again at what rests.
  var nextRest: Instant {
    state.withLock { state in
      min(
        state.restingServices.values.map(\.until).min() ?? .distantFuture,
        state.restingPools.values.map(\.until).min() ?? .distantFuture)
    }
  }

  /// What the server has refused of what rests now, whatever else could be written.
  var refusals: PoolRefusals {
    state.withLock { state in
      var refusals = PoolRefusals()
      for (service, rest) in state.restingServices.sorted(by: { $0.key < $1.key }) {
        if rest.cause.kind == .refused {
          refusals.right = refusals.right ?? rest.cause.text
        } else if refusals.remarks.count < PoolRefusals.limit {
          refusals.remarks.append("the addresses of \(service) cannot be written: \(rest.cause)")
        }
      }
      if let rest = state.restingPools.min(by: { $0.key < $1.key })?.value {
        refusals.remarks.append("the status of pools cannot be written: \(rest.cause)")
      }
      return refusals
    }
  }

  /// Carries out steps in a term.
  ///
  /// - Returns: whether another plan may be worth while.
  /// - Throws: why nothing could be written at all.
  func perform(_ steps: [PoolStep], in term: UInt64) async throws(APIFailure) -> Bool {
    let steps = steps.filter { !isResting($0) }
    guard let first = steps.first else { return false }
    if try await isTrialNews(first, in: term) { return true }
    let outcomes = await withTaskGroup(of: Result<Bool, APIFailure>.self) { group in
      var results: [Result<Bool, APIFailure>] = []
      for (number, step) in steps.enumerated() {
        if number >= Self.width, let result = await group.next() { results.append(result) }
        group.addTask { await self.perform(step, in: term) }
      }
      for await result in group { results.append(result) }
      return results
    }
    var failure: APIFailure?
    for outcome in outcomes {
      switch outcome {
      case .success(true): return true
      case .success(false): break
      case .failure(let error): failure = error
      }
    }
    if let failure { throw failure }
    return false
  }

  /// Finds out what became of writes whose answers were lost, and lets go of what has rested.
  func settle() async {
    let now = Instant.now
    let rested = state.withLock { state in
      let rested = state.restingServices.filter { $0.value.until <= now }.keys
      for service in rested { state.restingServices[service] = nil }
      state.restingPools = state.restingPools.filter { $0.value.until > now }
      return Array(rested)
    }
    for service in rested { model.with { $0.letGo(service) } }
    for service in state.withLock({ $0.doubts }) {
      guard await reread(service) else { continue }
      state.withLock { _ = $0.doubts.remove(service) }
      model.with { $0.letGo(service) }
    }
  }

  // MARK: One step

  /// Whether the server's state, or what is known of it, is another one now.
  private func perform(_ step: PoolStep, in term: UInt64) async -> Result<Bool, APIFailure> {
    guard let deadline = gate.begin(in: term) else { return .success(false) }
    defer { gate.end() }
    do throws(APIFailure) {
      switch step {
      case .service(let writing):
        let service = try await writer.write(
          writing.ingress, writing.conditions, to: writing.service, uid: writing.uid,
          version: writing.version, until: deadline)
        note(service, writing)
      case .pool(let writing):
        guard let path = parts.watch?.standings[.pool]?.path else { return .success(false) }
        let pool = try await writer.write(
          writing.conditions, to: writing.pool, in: path, version: writing.version, until: deadline)
        model.with { $0.update(pool) }
      }
      return .success(true)
    } catch {
      return await settle(error, of: step)
    }
  }

  private func note(_ service: Service, _ writing: ServiceWriting) {
    model.with { allocator in
      allocator.wrote(
        writing.service, version: service.allocation.version, ingress: service.ingress,
        at: .now)
      allocator.update(service, at: .now)
    }
    let events = ServiceEvent.about(writing)
    if !events.isEmpty { tell(events) }
    log.allocated(writing)
  }

  private func settle(_ failure: APIFailure, of step: PoolStep) async -> Result<Bool, APIFailure> {
    switch (failure.kind, step) {
    case (.conflict, .service(let writing)), (.notFound, .service(let writing)):
      // Somebody was faster: the next plan decides on what there is now.
      guard await reread(writing.service) else { return .failure(failure) }
      let version = model.with { $0.version(of: writing.service) }
      // Where nobody was, trying again at once could go on for ever.
      return version == writing.version ? .failure(failure) : .success(true)
    case (.conflict, .pool), (.notFound, .pool):
      // The watch tells.
      return .success(false)
    case (.refused, _), (.invalid, _):
      rest(step, after: failure)
      return .failure(failure)
    case (_, .service(let writing)) where failure.mayHaveTakenEffect:
      let addresses = writing.ingress.compactMap { $0.ip.flatMap { IPAddress($0) } }
      model.with { $0.hold(writing.service, addresses: addresses) }
      state.withLock { _ = $0.doubts.insert(writing.service) }
      return .failure(failure)
    default: return .failure(failure)
    }
  }

  private func reread(_ service: ObjectName) async -> Bool {
    do throws(APIFailure) {
      if let found = try await writer.read(service, until: .now + Self.patience) {
        model.with { $0.update(found, at: .now) }
      } else {
        model.with { $0.removeService(service, version: nil) }
      }
      return true
    } catch {
      return false
    }
  }

  // MARK: Conditions

  /// Old servers drop conditions of Services. One that shall get the first of all is asked what would
  /// become of it, so that no Service is written again and again for a condition that does not stay.
  ///
  /// - Returns: whether the model learned something by which the plan is void.
  private func isTrialNews(_ step: PoolStep, in term: UInt64) async throws(APIFailure) -> Bool {
    guard case .service(let writing) = step, state.withLock({ $0.keepsConditions }) == nil,
      writing.conditions.contains(where: { $0.type == Condition.requestSatisfied }),
      let deadline = gate.begin(in: term)
    else { return false }
    defer { gate.end() }
    let service: Service
    do throws(APIFailure) {
      service = try await writer.write(
        writing.ingress, writing.conditions, to: writing.service, uid: writing.uid,
        version: writing.version, isTrial: true, until: deadline)
    } catch {
      guard error.kind == .conflict || error.kind == .notFound else { throw error }
      return await reread(writing.service)
    }
    let isKept = service.allocation.conditions.contains { $0.type == Condition.requestSatisfied }
    state.withLock { $0.keepsConditions = isKept }
    guard !isKept else { return false }
    log.dropsConditions()
    model.with { $0.settings.keepsConditions = false }
    return true
  }

  // MARK: Rest

  private func rest(_ step: PoolStep, after failure: APIFailure) {
    let rest = Rest(until: .now + Self.rest, cause: failure)
    switch step {
    case .service(let writing):
      model.with { $0.hold(writing.service, addresses: []) }
      state.withLock { $0.restingServices[writing.service] = rest }
    case .pool(let writing): state.withLock { $0.restingPools[writing.pool] = rest }
    }
  }

  private func isResting(_ step: PoolStep) -> Bool {
    guard case .pool(let writing) = step else { return false }
    return state.withLock { $0.restingPools[writing.pool] != nil }
  }
}
