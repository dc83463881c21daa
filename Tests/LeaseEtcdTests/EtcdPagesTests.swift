import EtcdTestKit
import FoundationEssentials
import LANTestKit
import Lease
import LeaseTestKit
import LinuxSystem
import Synchronization
import Testing
import Time
import Wire

@testable import LeaseEtcd

/// Which pages are asked for.
struct EtcdPagesTests {
  private let keys = try! EtcdKeys(prefix: "/a")

  private func page(_ names: [String], revision: Int = 7, more: Bool) throws -> RangeAnswer {
    let list = names.map { #"{"key":"\#(Data($0.utf8).base64EncodedString())"}"# }
      .joined(separator: ",")
    let header = #"{"cluster_id":"1","member_id":"2","revision":"\#(revision)","raft_term":"1"}"#
    let text = #"{"header":\#(header),"kvs":[\#(list)],"more":\#(more)}"#
    return try JSONDecoder().decode(RangeAnswer.self, from: Data(text.utf8))
  }

  @Test func pagesGoOnBehindTheLastKeyAtTheRevisionOfTheFirst() throws {
    var pages = EtcdPages(keys, isWithoutValues: false)
    let first = try #require(pages.request)
    #expect(first.key == Data("/a/".utf8) && first.rangeEnd == Data("/a0".utf8))
    #expect(first.revision == nil && first.limit == 1000 && first.isKeysOnly == nil)
    let found = try pages.take(page(["/a/claims/10.0.0.1", "/a/claims/10.0.0.2"], more: true))
    #expect(found.count == 2)
    let second = try #require(pages.request)
    #expect(second.key == Data("/a/claims/10.0.0.2\0".utf8))
    #expect(second.revision == 7 && second.rangeEnd == first.rangeEnd)
    _ = try pages.take(page(["/a/nodes/x"], revision: 9, more: false))
    #expect(pages.request == nil && pages.revision == 7)
  }

  @Test(arguments: [
    ("/a/b", "/a/claims/"), ("/a/claims", "/a/claims/"), ("/a/claims0", "/a/nodes/"),
    ("/a/config/x", "/a/nodes/"), ("/a/nodesX", "/a/preferences/"), ("/a/preferences0", nil),
    ("/a/z", nil),
  ])
  func strangersKeysArePassedOver(last: String, next: String?) throws {
    var pages = EtcdPages(keys, isWithoutValues: true)
    _ = try pages.take(page(["/a/a", last], more: true))
    #expect(pages.request?.key == next.map { Data($0.utf8) })
    #expect(pages.revision == 7)
    if next != nil { #expect(pages.request?.revision == 7 && pages.request?.isKeysOnly == true) }
  }

  @Test func aPageThatIsTooLongIsAskedForShorter() throws {
    var pages = EtcdPages(keys, isWithoutValues: false)
    for limit in [100, 10, 1] as [Int64] {
      let isShorter = pages.shorten()
      #expect(isShorter)
      #expect(pages.request?.limit == limit)
    }
    let isShorter = pages.shorten()
    #expect(!isShorter)
    _ = try pages.take(page(["/a/a"], more: true))
    #expect(pages.request?.limit == 1000)
  }

  @Test func tooManyKeysWhereOursAreAreAnError() throws {
    var pages = EtcdPages(keys, isWithoutValues: true)
    let full = try page(Array(repeating: "/a/claims/x", count: 1000), more: true)
    for _ in 1..<200 { _ = try pages.take(full) }
    #expect(throws: EtcdFailure.self) { try pages.take(full) }
  }
}

/// The whole read, on real members.
struct EtcdPagedReadTests {
  private static func claim(_ count: Int, _ client: StoreClient, _ session: SessionID) async throws
  {
    let wanted = addresses(count)
    let starts = Array(stride(from: 0, to: count, by: 126))
    // A few at a time: the member is to answer each within its time.
    try await withThrowingTaskGroup { group in
      for worker in 0..<3 {
        group.addTask {
          for index in stride(from: worker, to: starts.count, by: 3) {
            let end = min(starts[index] + 126, count)
            _ = try await client.acquire(Array(wanted[starts[index]..<end]), session)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// Half a lease is not enough for all pages, and each page comes.
  @Test(.timeLimit(.minutes(10)))
  func aNodeLearnsOfAllHoldersHoweverManyPagesTheyAre() async throws {
    try await EtcdCluster.run { cluster in
      let holder = try StoreClient(cluster.urls)
      let session = try await holder.open("a", timeToLive: .seconds(120))
      try await Self.claim(5000, holder, session)
      let proxy = try TCPProxy(to: cluster.members[0].plan.clientPort)
      defer { proxy.close() }
      let store = try EtcdLeaseStore(EtcdOptions(endpoints: [proxy.url]))
      let node = try EtcdNode("b", store, .seconds(8), limits: EtcdLeaseStore.limits) { .now }
      try await node.running { b in
        try await b.until { if case .open = $0.session { true } else { false } }
        proxy.set { $0.delaysAnswers = .milliseconds(750) }
        b.driver.compete(for: Set(addresses(5000)))
        // What it has read by now may have come before the answers slowed down.
        b.driver.confirmOwnership()
        let start = Instant.now
        try await b.until { $0.holders.count == 5000 && $0.confirmedAt >= start }
        #expect(Instant.now - start > .seconds(4))
        try await b.until { $0.held.isEmpty && $0.health == .healthy }
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func strangersKeysCostAPage() async throws {
    try await EtcdCluster.run { cluster in
      let (member, client) = (cluster.members[0], try StoreClient(cluster.urls))
      let session = try await client.open("a", timeToLive: .seconds(120))
      // More than an answer may have in one page.
      let large = String(repeating: "x", count: 20_000)
      try await withThrowingTaskGroup { group in
        for worker in 0..<4 {
          group.addTask {
            for number in 0..<130 {
              try await member.put("/announcer/app/\(worker)-\(number)", large)
            }
            for number in 0..<300 {
              try await member.put("/announcer/zoo/\(worker)-\(number)", "x")
            }
          }
        }
        try await group.waitForAll()
      }
      _ = try await client.acquire([x, y], session)
      let pages = Mutex(0)
      let picture = try await client.store.read(within: .seconds(20)) { pages.withLock { $0 += 1 } }
      #expect(picture.claims.count == 2 && picture.sessions.count == 1)
      // Too long, a tenth of it, all of ours with the first of the others.
      #expect(pages.withLock { $0 } <= 4)
    }
  }
}
