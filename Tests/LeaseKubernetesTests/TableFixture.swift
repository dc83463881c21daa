import Lease
import Time
import Wire

@testable import LeaseKubernetes

let x = IPAddress("10.80.8.150")!
let y = IPAddress("2001:db8::1")!

/// A table under test, with a server's versions and a clock.
struct TableFixture {
  var table: LeaseTable
  var version: UInt64 = 100
  var now = Instant(nanoseconds: 1_000_000_000_000)

  /// Synced, with a session `own` of node `m` in the store.
  init(node: String = "m", own: String? = "own") {
    table = LeaseTable(node: node, defaultDuration: .seconds(6))
    table.replace([], version: 100, at: now)
    if let own {
      table.beginOwn(SessionID(own))
      write(node: node, own)
    }
    _ = table.takeChanges()
  }

  static func node(
    _ node: String, _ session: String?, ended: [String] = [], seconds: Int64 = 6,
    preferences: String? = nil, strategy: String? = nil
  ) -> LeaseForm {
    var annotations = [Annotations.node: node]
    if !ended.isEmpty { annotations[Annotations.ended] = ended.joined(separator: ",") }
    annotations[Annotations.preferences] = preferences
    return LeaseForm(
      metadata: .init(
        name: LeaseNames.node(node), uid: "u-\(node)",
        labels: [Annotations.manager.key: Annotations.manager.value], annotations: annotations),
      spec: .init(
        holderIdentity: session.map { "\(node)/\($0)" } ?? "", leaseDurationSeconds: seconds,
        strategy: strategy))
  }

  static func claim(
    _ address: IPAddress, _ holder: String?, released: String? = nil,
    preferredHolder: String? = nil, strategy: String? = nil
  ) -> LeaseForm {
    LeaseForm(
      metadata: .init(
        name: LeaseNames.claim(address), uid: "u-\(address)",
        labels: [Annotations.manager.key: Annotations.manager.value],
        annotations: released.map { [Annotations.released: $0] }),
      spec: .init(
        holderIdentity: holder, leaseDurationSeconds: 6, strategy: strategy,
        preferredHolder: preferredHolder))
  }

  static func record(_ form: LeaseForm, _ version: UInt64) -> LeaseRecord {
    var form = form
    form.metadata?.resourceVersion = String(version)
    return LeaseRecord(form)!
  }

  /// One write in the store, and its event; its version.
  @discardableResult
  mutating func write(_ form: LeaseForm) -> UInt64 {
    version += 1
    table.apply(event: Self.record(form, version), isDeletion: false, at: now)
    return version
  }

  @discardableResult
  mutating func write(node: String, _ session: String?, ended: [String] = []) -> UInt64 {
    write(Self.node(node, session, ended: ended))
  }

  @discardableResult
  mutating func write(_ address: IPAddress, _ holder: String?, released: String? = nil) -> UInt64 {
    write(Self.claim(address, holder, released: released))
  }

  mutating func delete(_ form: LeaseForm) {
    version += 1
    table.apply(event: Self.record(form, version), isDeletion: true, at: now)
  }

  mutating func replace(_ forms: [(LeaseForm, UInt64)]) {
    version += 1
    table.replace(forms.map { Self.record($0.0, $0.1) }, version: version, at: now)
  }

  /// The answer to a call about one Lease, which was made when `mark` was so, or just now.
  mutating func take(
    _ form: LeaseForm, _ version: UInt64, isWrite: Bool, since mark: LeaseTable.Mark? = nil
  ) -> Bool {
    let record = Self.record(form, version)
    let mark = mark ?? table.mark(of: record.name)
    return table.take(answer: record, since: mark, isWrite: isWrite, at: now)
  }

  /// The answer to a list, of nothing.
  mutating func takeList(_ version: UInt64, since mark: LeaseTable.Mark? = nil) -> Bool {
    table.take(list: [], version: version, since: mark ?? table.mark(), at: now)
  }

  /// Time passes; what falls due happens. What there is to end in the store.
  @discardableResult
  mutating func wait(_ duration: Duration) -> [LeaseTable.Task] {
    now = now + duration
    return table.takeEndings(at: now)
  }

  mutating func changes() -> [StoreChange] { table.takeChanges() }

  mutating func litter(at instant: Instant) -> [LeaseTable.Task] {
    table.takeLitter(at: instant)
  }

  mutating func confirm(_ address: IPAddress, of session: SessionID, epoch: Epoch) -> Bool {
    table.confirm(address, of: session, epoch: epoch)
  }

  func acquisition(_ address: IPAddress, _ session: String = "own") -> LeaseTable.Acquisition {
    table.acquisition(of: address, for: SessionID(session))
  }
}

func holder(_ node: String, _ session: String, _ epoch: UInt64) -> Holder {
  Holder(node: node, session: SessionID(session), epoch: Epoch(epoch))
}

extension LeaseTable.Acquisition {
  var isHeld: Bool { if case .held = self { true } else { false } }
  var isUpdate: Bool { if case .update = self { true } else { false } }
  var isImpossible: Bool { if case .impossible = self { true } else { false } }
}
