import Cluster
import Testing
import Wire

struct LoadBalancerIPPoolTests {
  @Test(
    arguments: [
      (.cidr("10.0.0.9/30"), "10.0.0.8-10.0.0.11"), (.cidr("10.0.0.9"), "10.0.0.9"),
      (.cidr("2001:db8::5/127"), "2001:db8::4-2001:db8::5"),
      (.run(start: "10.0.0.1", stop: "10.0.0.3"), "10.0.0.1-10.0.0.3"),
      (.run(start: "10.0.0.1", stop: nil), "10.0.0.1"),
    ] as [(LoadBalancerIPPool.WrittenBlock, String)])
  func blocksAreRead(block: LoadBalancerIPPool.WrittenBlock, range: String) {
    let pool = LoadBalancerIPPool("p", blocks: [block])
    #expect(pool.ranges.map(\.description) == [range])
    #expect(pool.unreadable == [])
    if case .cidr = block {
      #expect(pool.blocks[0].isPrefix)
    } else {
      #expect(!pool.blocks[0].isPrefix)
    }
  }

  @Test(
    arguments: [
      (.cidr("x"), "'x': it is no prefix; write for instance 10.0.0.0/24"),
      (.cidr("10.0.0.0/33"), "'10.0.0.0/33': its length is no number from 0 to 32"),
      (.cidr("10.0.0.0/+8"), "'10.0.0.0/+8': its length is no number from 0 to 32"),
      (.cidr("::/129"), "'::/129': its length is no number from 0 to 128"),
      (.run(start: "", stop: "10.0.0.1"), "'-10.0.0.1': a block needs `cidr` or `start`"),
      (.run(start: "a", stop: nil), "'a': its start is no address"),
      (.run(start: "10.0.0.1", stop: "b"), "'10.0.0.1-b': its stop is no address"),
      (.run(start: "10.0.0.2", stop: "10.0.0.1"), "'10.0.0.2-10.0.0.1': it stops before it begins"),
      (
        .run(start: "10.0.0.1", stop: "fd00::1"),
        "'10.0.0.1-fd00::1': it begins in IPv4 and stops in IPv6"
      ),
    ] as [(LoadBalancerIPPool.WrittenBlock, String)])
  func faultsAreToldAndTheOthersRead(block: LoadBalancerIPPool.WrittenBlock, words: String) {
    let pool = LoadBalancerIPPool("p", blocks: [.cidr("10.9.0.0/24"), block, .cidr("10.8.0.0/24")])
    #expect(pool.unreadable.map(\.description) == [words])
    #expect(pool.blocks.map(\.text) == ["10.9.0.0/24", "10.8.0.0/24"])
  }

  /// The API takes host bits; what counts is shown, and what may have been meant is said.
  @Test(
    arguments: [
      ("10.80.8.200/28", "10.80.8.192/28", "10.80.8.200/32"),
      ("2001:DB8::5/64", "2001:db8::/64", "2001:db8::5/128"),
    ])
  func hostBitsAreShownAsTheBlockThatCounts(written: String, block: String, single: String) {
    let pool = LoadBalancerIPPool("lan", blocks: [.cidr(written), .cidr("10.0.0.0/24")])
    #expect(pool.blocks.map(\.text) == [block, "10.0.0.0/24"])
    #expect(pool.unreadable == [])
    let words =
      "'\(written)' is an address inside a block, all of which counts: write \(block) for the block "
      + "or \(single) for the one address"
    #expect(pool.inexact.map(\.description) == [words])
    let one = selection([.pool(pool)])
    #expect(one.warnings.map(\.description) == ["pool lan: \(words)"])
  }

  @Test(arguments: [
    "10.80.8.192/28", "10.80.8.200/32", "10.80.8.200", "2001:db8::/64", "0.0.0.0/0",
  ])
  func whatIsExactIsNotSaid(block: String) {
    #expect(LoadBalancerIPPool("lan", blocks: [.cidr(block)]).inexact == [])
  }

  @Test func tooManyBlocksAreNone() {
    let blocks = (0...LoadBalancerIPPool.blockLimit).map { number in
      LoadBalancerIPPool.WrittenBlock.cidr("10.\(number / 256).\(number % 256).0/32")
    }
    #expect(LoadBalancerIPPool("p", blocks: Array(blocks.dropLast())).unreadable == [])
    let pool = LoadBalancerIPPool("p", blocks: blocks)
    #expect(pool.blocks == [])
    #expect(
      pool.unreadable.map(\.description) == [
        "'10001 blocks': a pool has 10000 at most; write larger ones"
      ])
  }

  /// A pool's counts change with every Service; that must not be news to those who announce.
  @Test func aStatusIsNoNewsToTheSelection() {
    var pool = LoadBalancerIPPool("p", blocks: [.cidr("10.0.0.0/24")])
    var service = service("web", ["10.0.0.1"])
    var one = selection([.policy(policy("p")), .pool(pool), .service(service)])
    let revision = one.revision
    pool.version = "7"
    pool.conditions = [Condition(type: "t", status: "True")]
    service.allocation.version = "8"
    service.allocation.conditions = [Condition(type: "t", status: "True")]
    one.update(.pool(pool), from: .kubernetes)
    one.update(.service(service), from: .kubernetes)
    #expect(one.revision == revision)
  }
}
