import EtcdTestKit
import LANTestKit
import Testing

/// The members that the other tests stand on.
struct EtcdClusterTests {
  @Test(.timeLimit(.minutes(10)))
  func threeMembersElectALeaderAndAnotherWhenItIsKilled() async throws {
    try await EtcdCluster.run(3, heartbeat: 30, election: 300) { cluster in
      let leader = try #require(try await cluster.leader())
      try await leader.put("a", "1")
      await leader.kill()
      await eventually { (try? await cluster.leader()) ?? nil != nil }
      let other = try #require(try await cluster.leader())
      #expect(other.plan.name != leader.plan.name)
      #expect(try await other.get("a")?.text == "1")
      try leader.start()
      try await cluster.waitUntilServing()
      #expect(try await leader.get("a")?.text == "1")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aMemberWithTLSServesThoseWithACertificate() async throws {
    try await EtcdCluster.run(tls: true) { cluster in
      try await cluster.control(["put", "a", "1"])
      #expect(try await cluster.control(["get", "a", "--print-value-only"]) == "1\n")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func nothingIsLeftBehind() async throws {
    var directory = ""
    var pid: Int32 = 0
    do {
      try await EtcdCluster.run { cluster in
        directory = cluster.directory
        pid = try #require(cluster.members[0].pid)
        // As when a test has exceeded its time.
        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
        throw EtcdTestError("as if the test had failed")
      }
      Issue.record("the error is lost")
    } catch is EtcdTestError {}
    let rest = Task { [directory, pid] in
      try await runCommand(["sh", "-c", "ls -d '\(directory)' /proc/\(pid)"]).standardOutput
    }
    #expect(try await rest.value == "")
  }
}
