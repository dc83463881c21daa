import Testing

@testable import FaultHarness

struct BackendTests {
  /// Whatever the checkers read is in the range that is watched.
  @Test(arguments: Backend.allCases) func theWatchCoversWhatMatters(backend: Backend) {
    for key in [backend.prefix, backend.meterKey] {
      #expect(backend.watched.first <= key && key < backend.watched.end)
    }
    #expect(Gateway.successor(of: backend.prefix) <= backend.watched.end)
  }

  /// An API server looks at its Leases alone.
  @Test func theMetersKeyIsNoLease() {
    #expect(!Backend.kubernetes.meterKey.hasPrefix(Backend.kubernetes.prefix))
  }
}
