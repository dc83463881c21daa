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
  }

  /// Both forms of planned hand-over and the death of a holder are in what every change runs.
  @Test func theQuickSubset() {
    let names = FaultList.all.filter { $0.quickRuns != nil }.map(\.name)
    #expect(names.contains("sigterm") && names.contains("SIGKILL") && names.contains("drain"))
  }
}
