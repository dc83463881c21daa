import KubernetesTestKit
import Lease
import LeaseTestKit
import LinuxSystem
import Testing
import Time
import Wire

@testable import LeaseKubernetes

/// What the port promises, on our own server and on a real one.
@Suite(.serialized)
struct KubernetesLeaseStoreTests {
  @Test(.timeLimit(.minutes(10)), arguments: TestClusterKind.available)
  func aSessionHasTheNameAloneUntilItIsClosed(_ kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      let namespace = try await cluster.makeNamespace()
      let (a, b) = (
        try StoreClient(cluster, namespace), try StoreClient(cluster, namespace)
      )
      let first = try await a.open("node-a")
      let taken = try await b.store.open(
        node: "node-a", timeToLive: .seconds(30), within: .seconds(5))
      guard case .nameTaken(let other) = taken else {
        Issue.record("\(taken)")
        return
      }
      #expect(other.id == first && other.node == "node-a" && other.details.contains("pid"))
      #expect(try await a.store.renew(first, within: .seconds(5)) == .renewed)
      try await a.store.close(first, within: .seconds(5))
      await eventually { b.changes.contains(.sessionEnded(first)) }
      try await a.store.close(first, within: .seconds(5))
      #expect(try await a.store.renew(first, within: .seconds(5)) == .sessionGone)
      let second = try await b.open("node-a")
      #expect(second != first)
      try await b.store.close(second, within: .seconds(5))
      let lease = try #require(
        try await cluster.get(.lease, in: namespace, "announcer-node-node-a"))
      #expect(lease["spec"]["holderIdentity"].string ?? "" == "")
      #expect(lease["metadata"]["annotations"]["announcer/ended"] == .string("\(second),\(first)"))
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestClusterKind.available)
  func aClaimBelongsToOneAndIsFreeWithItsSession(_ kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      let namespace = try await cluster.makeNamespace()
      let notes = ClaimNotes()
      notes.replace([x: ClaimNote(interfaces: ["lan0"], hardwareAddress: "02:00:00:00:00:01")])
      let a = try StoreClient(cluster, namespace, notes: notes)
      let b = try StoreClient(cluster, namespace)
      let (first, second) = (try await a.open("node-a"), try await b.open("node-b"))
      let answers = try await a.acquire([x, y], first)
      let epoch = try #require(answers[x]?.epoch)
      let other = try #require(answers[y]?.epoch)
      let lease = try #require(try await cluster.claim(x, in: namespace))
      #expect(lease["metadata"]["resourceVersion"].string == "\(epoch)")
      #expect(lease["spec"]["holderIdentity"].string == "node-a/\(first)")
      #expect(lease["metadata"]["annotations"]["announcer/interfaces"].string == "lan0")
      // Again, as after an answer that got lost.
      #expect(try await a.acquire([x], first)[x] == .acquired(epoch))
      let holder = Holder(node: "node-a", session: first, epoch: epoch)
      #expect(try await b.acquire([x], second)[x] == .heldBy(holder))
      await eventually { b.changes.contains(.claimed(x, holder)) }
      let picture = try await b.read()
      #expect(
        picture.claims == [x: holder, y: Holder(node: "node-a", session: first, epoch: other)])
      #expect(Set(picture.sessions.map(\.id)) == [first, second])

      // Of another session, or another epoch: left alone.
      try await b.store.release(
        [ClaimReference(address: x, epoch: nil)], of: second, within: .seconds(5))
      try await a.store.release(
        [ClaimReference(address: x, epoch: Epoch(epoch.number - 1))], of: first,
        within: .seconds(5))
      #expect(try await b.read().claims[x] == holder)
      try await a.store.release(
        [ClaimReference(address: x, epoch: epoch)], of: first, within: .seconds(5))
      await eventually { b.changes.contains(.freed(x, epoch)) }
      let later = try #require(try await b.acquire([x], second)[x]?.epoch)
      #expect(later > epoch)
      await eventually {
        b.changes.contains(.claimed(x, Holder(node: "node-b", session: second, epoch: later)))
      }

      b.forget()
      try await a.store.close(first, within: .seconds(5))
      await eventually {
        b.changes.contains(.sessionEnded(first)) && b.changes.contains(.freed(y, other))
      }
      #expect(try await b.acquire([y], second)[y]?.epoch != nil)
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestClusterKind.available)
  func aPreferenceEndsWithTheClaimItsAuthorOrItsWithdrawal(_ kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      let namespace = try await cluster.makeNamespace()
      let (a, b) = (
        try StoreClient(cluster, namespace), try StoreClient(cluster, namespace)
      )
      let (first, second) = (try await a.open("node-a"), try await b.open("node-b"))
      func prefer(_ node: String?, _ client: StoreClient, _ session: SessionID) async throws {
        try await client.store.prefer(
          [Preference(address: x, node: node)], by: session, within: .seconds(5))
      }
      try await prefer("node-b", a, first)
      await eventually { b.changes.contains(.preferred(x, node: "node-b")) }
      try await prefer("node-c", b, second)
      try await prefer(nil, b, second)
      #expect(try await b.read().preferences == [x: "node-b"])
      try await prefer("node-c", a, first)
      #expect(try await b.read().preferences == [x: "node-c"])
      // Renewals carry it along.
      #expect(try await a.store.renew(first, within: .seconds(5)) == .renewed)
      #expect(try await b.read().preferences == [x: "node-c"])
      try await prefer(nil, a, first)
      await eventually { b.changes.last == .preferred(x, node: nil) }
      try await prefer("node-b", a, first)
      await eventually { b.changes.last == .preferred(x, node: "node-b") }
      _ = try await b.acquire([x], second)
      #expect(try await b.read().preferences.isEmpty)
      #expect(try await a.store.renew(first, within: .seconds(5)) == .renewed)
      #expect(try await b.read().preferences.isEmpty)
      try await prefer("node-a", a, first)
      await eventually { b.changes.last == .preferred(x, node: "node-a") }
      try await a.store.close(first, within: .seconds(5))
      #expect(try await b.read().preferences.isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestClusterKind.available)
  func twoThatRaceShareOutWithoutOverlap(_ kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      let namespace = try await cluster.makeNamespace()
      let (a, b) = (
        try StoreClient(cluster, namespace), try StoreClient(cluster, namespace)
      )
      let (first, second) = (try await a.open("node-a"), try await b.open("node-b"))
      for round in 0..<5 {
        let wanted = addresses(16, from: 0x0a00_0000 + UInt32(round) << 8)
        async let ofA = a.acquire(wanted, first)
        async let ofB = b.acquire(wanted.reversed(), second)
        let (answersA, answersB) = (try await ofA, try await ofB)
        for address in wanted {
          #expect((answersA[address]?.epoch == nil) != (answersB[address]?.epoch == nil))
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestClusterKind.available)
  func everythingIsReadPageByPage(_ kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      let namespace = try await cluster.makeNamespace()
      let a = try StoreClient(cluster, namespace)
      let first = try await a.open("node-a", timeToLive: .seconds(600))
      let wanted = addresses(1200)
      let batch = KubernetesLeaseStore.limits.batch
      for start in stride(from: 0, to: wanted.count, by: batch) {
        // A connection may come too late on a busy machine; the election asks again as well.
        var rest = Array(wanted[start..<start + batch])
        while !rest.isEmpty {
          let answers = try await a.acquire(rest, first)
          rest.removeAll { answers[$0]?.epoch != nil }
        }
      }
      let picture = try await a.read()
      #expect(Set(picture.claims.keys) == Set(wanted))
      let b = try StoreClient(cluster, namespace)
      _ = try await b.open("node-b")
      await eventually {
        wanted.allSatisfy { address in
          picture.claims[address].map { b.changes.contains(.claimed(address, $0)) } ?? false
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestClusterKind.available)
  func whatAnotherHasWrittenOnALeaseStays(_ kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      let namespace = try await cluster.makeNamespace()
      let a = try StoreClient(cluster, namespace)
      let first = try await a.open("node-a")
      let epoch = try #require(try await a.acquire([x], first)[x]?.epoch)
      for name in ["announcer-node-node-a", LeaseNames.claim(x)] {
        try await cluster.edit(name, in: namespace) {
          $0["metadata"]["annotations"]["example.org/note"] = "theirs"
        }
      }
      #expect(try await a.store.renew(first, within: .seconds(5)) == .renewed)
      #expect(try await a.read().claims[x]?.epoch == epoch)
      try await a.store.release(
        [ClaimReference(address: x, epoch: epoch)], of: first, within: .seconds(5))
      #expect(try await a.acquire([x], first)[x]?.epoch ?? epoch > epoch)
      try await a.store.close(first, within: .seconds(5))
      for name in ["announcer-node-node-a", LeaseNames.claim(x)] {
        let lease = try await cluster.get(.lease, in: namespace, name)
        #expect(lease?["metadata"]["annotations"]["example.org/note"] == "theirs")
      }
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestClusterKind.available)
  func aLeaseOfOurNameWithoutOurLabelIsLeftAlone(_ kind: TestClusterKind) async throws {
    try await kind.run { cluster in
      let namespace = try await cluster.makeNamespace()
      func put(_ name: String) async throws {
        try await cluster.apply([
          "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
          "metadata": ["name": .string(name), "namespace": .string(namespace)],
          "spec": ["holderIdentity": "somebody"],
        ])
      }
      try await put(LeaseNames.claim(x))
      let a = try StoreClient(cluster, namespace)
      let first = try await a.open("node-a")
      guard case .failed(let why)? = try await a.acquire([x], first)[x] else {
        Issue.record("acquired")
        return
      }
      #expect(why.kind == .misconfigured && why.text.contains(LeaseNames.claim(x)))
      try await cluster.delete(.lease, in: namespace, LeaseNames.claim(x))
      #expect(try await a.acquire([x], first)[x]?.epoch != nil)
      try await put("announcer-node-node-b")
      let b = try StoreClient(cluster, namespace)
      let refused = await failure {
        _ = try await b.store.open(node: "node-b", timeToLive: .seconds(30), within: .seconds(5))
      }
      #expect(refused?.kind == .misconfigured)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aLostAnswerIsLookedUp() async throws {
    let server = try await APIServer.start()
    let a = try StoreClient(server, "default")
    server.faults.add(.loseAnswer, verbs: [.create], resources: ["leases"], times: 1)
    let lost = await failure { _ = try await a.open("node-a") }
    #expect(lost?.kind == .unreachable)
    // What was written is ours, and not used again.
    let ghost = try #require(server.object("leases", "default", "announcer-node-node-a"))
    let first = try await a.open("node-a")
    #expect(ghost["spec"]["holderIdentity"].string != "node-a/\(first)")

    server.faults.add(.loseAnswer, verbs: [.create], resources: ["leases"], times: 1)
    let epoch = try #require(try await a.acquire([x], first)[x]?.epoch)
    let lease = try #require(server.object("leases", "default", LeaseNames.claim(x)))
    #expect(lease["metadata"]["resourceVersion"].string == "\(epoch)")

    server.faults.add(.loseAnswer, verbs: [.patch], resources: ["leases"], times: 1)
    let failed = await failure { _ = try await a.store.renew(first, within: .seconds(2)) }
    #expect(failed?.kind == .unreachable)
    #expect(try await a.store.renew(first, within: .seconds(2)) == .renewed)

    server.faults.add(.throttle(retryAfter: 1), verbs: [.patch], resources: ["leases"], times: 1)
    let start = Instant.now
    #expect(try await a.store.renew(first, within: .seconds(5)) == .renewed)
    #expect(Instant.now - start > .seconds(1))
    server.faults.add(.throttle(retryAfter: 60), verbs: [.patch], resources: ["leases"], times: 1)
    let throttled = await failure { _ = try await a.store.renew(first, within: .seconds(1)) }
    #expect(throttled?.kind == .unavailable)
  }

  @Test(.timeLimit(.minutes(10)))
  func aMissingRightIsNamed() async throws {
    let server = try await APIServer.start()
    let a = try StoreClient(server, "default")
    let first = try await a.open("node-a")
    server.deny([.create], on: "leases")
    guard case .failed(let why)? = try await a.acquire([x], first)[x] else {
      Issue.record("acquired")
      return
    }
    #expect(why.kind == .refused && why.text.contains("create"))
  }
}
