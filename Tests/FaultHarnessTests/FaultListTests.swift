import Testing

@testable import FaultHarness

struct FaultListTests {
  private struct Identity: Hashable {
    let name: String
    let layout: Layout
  }

  @Test func everyFaultHasANameOfItsOwn() {
    let identities = FaultList.all.map { Identity(name: $0.name, layout: $0.layout) }
    #expect(Set(identities).count == identities.count)
  }

  @Test func everyNameFitsItsColumn() {
    for fault in FaultList.all { #expect(fault.name.count <= 34, "\(fault.name)") }
  }

  @Test func theStopRuleLeavesTimeBeforeTheLeaseEnds() {
    #expect(Timing.fast.deadline < Timing.fast.lease)
    #expect(Timing.standard.deadline > .milliseconds(4040))
    #expect(Timing.kubernetes.deadline < Timing.kubernetes.lease)
  }

  /// A fault on Leases without an API server, or the other way round, could not be set up.
  @Test func everyLayoutHasTheServersOfItsStore() {
    for fault in FaultList.all {
      #expect((fault.layout.backend == .kubernetes) == (fault.layout.apiServers > 0))
      #expect((fault.layout.backend == .kubernetes) == fault.name.hasPrefix("k8s: "))
    }
  }

  /// Both forms of planned hand-over and the death of a holder are in what every change runs.
  @Test func theQuickSubset() {
    let names = FaultList.all.filter { $0.quickRuns != nil }.map(\.name)
    #expect(names.contains("sigterm") && names.contains("SIGKILL") && names.contains("drain"))
    let onLeases = Set(names.filter { $0.hasPrefix("k8s: ") }.map { $0.dropFirst(5) })
    #expect(
      onLeases == [
        "sigterm", "SIGKILL", "API server frozen for 0.5 T", "claim Lease deleted",
        "claim Lease emptied", "holder cut off from store",
      ])
  }
}
