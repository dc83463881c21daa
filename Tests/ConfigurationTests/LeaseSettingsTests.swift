import Configuration
import Testing

struct LeaseSettingsTests {
  @Test func etcdCountsInSecondsFromOneToTenMinutesAndFiveByDefault() throws {
    #expect(try parse("lease: {backend: etcd}").lease.duration == .seconds(5))
    #expect(try parse("lease: {backend: etcd, duration: 1s}").lease.duration == .seconds(1))
    #expect(try parse("lease: {backend: etcd, duration: 2000ms}").lease.duration == .seconds(2))
    #expect(try parse("lease: {duration: 10m, backend: etcd}").lease.duration == .seconds(600))
    #expect(
      theFault("lease: {backend: etcd, duration: 1500ms}")
        == "announcer.yaml:1:34: lease.duration: '1500ms' is no whole number of seconds, in which "
        + "etcd counts; write 1s or 2s")
    for duration in ["900ms", "601s"] {
      #expect(
        theFault("lease: {backend: etcd, duration: \(duration)}")
          == "announcer.yaml:1:34: lease.duration: '\(duration)' is out of range; write 1s to 10m")
    }
    #expect(try parse("lease: {duration: 1500ms}").lease.duration == .milliseconds(1500))
  }

  @Test func onlyAStoreThatCanBeLostIsOutlasted() throws {
    #expect(
      try parse("lease: {backend: etcd, whenStoreIsLost: hold}").lease.whenStoreIsLost == .hold)
    for backend in ["", "backend: local, "] {
      #expect(
        theFault("lease: {\(backend)whenStoreIsLost: hold}")
          == "announcer.yaml:1:\(26 + backend.count): lease.whenStoreIsLost: 'hold' contradicts "
          + "`backend: local`, whose locks are the kernel's: there is no store to lose; "
          + "write silent, or another backend")
    }
    // A slip in the backend is one fault, not two.
    #expect(
      theFault("lease: {backend: etcdd, whenStoreIsLost: hold}").hasSuffix("; did you mean `etcd`?")
    )
  }

  @Test func theSettingsOfAnotherBackendAreCheckedAndUnused() throws {
    let lease = try parse("lease: {etcd: {prefix: /x}}").lease
    #expect(lease.backend == .local && lease.duration == nil && lease.etcd.prefix == "/x")
    #expect(theFault("lease: {etcd: {prefix: x}}").contains("lease.etcd.prefix"))
    #expect(theFault("lease: {kubernetes: {namespace: A}}").contains("lease.kubernetes.namespace"))
  }
}
