import FoundationEssentials
import Lease
import Testing
import Wire

@testable import LeaseEtcd

/// Events in, changes out.
struct EtcdWatchNewsTests {
  private let keys: EtcdKeys
  private let news: EtcdWatchNews

  init() throws {
    keys = try EtcdKeys(prefix: "/p")
    // Our own lease is 1.
    news = EtcdWatchNews(keys: keys) { $0 == 1 }
  }

  private func value(
    _ key: Data, lease: Int64, _ text: String = #"{"node":"n","session":"s"}"#, created: Int64 = 5,
    modified: Int64 = 5, version: Int64 = 1
  ) -> KeyValue {
    KeyValue(
      key: key, value: Data(text.utf8), createRevision: created, modRevision: modified,
      version: version, lease: lease)
  }

  /// What is told of a key written over what was heard of before.
  private func put(_ new: KeyValue, over old: KeyValue? = nil) -> [StoreChange] {
    var news = news
    if let old { _ = news.changes([WatchEvent(type: nil, keyValue: old)]) }
    return news.changes([WatchEvent(type: nil, keyValue: new)])
  }

  private func delete(_ key: Data, _ old: KeyValue?) -> [StoreChange] {
    let gone = KeyValue(
      key: key, value: nil, createRevision: 0, modRevision: 9, version: 0, lease: 0)
    var news = news
    if let old { _ = news.changes([WatchEvent(type: nil, keyValue: old)]) }
    let changes = news.changes([WatchEvent(type: "DELETE", keyValue: gone)])
    #expect(news.memory.claims.isEmpty && news.memory.nodes.isEmpty)
    return changes
  }

  private func holder(_ session: String, _ epoch: UInt64, node: String = "n") -> Holder {
    Holder(node: node, session: SessionID(session), epoch: Epoch(epoch))
  }

  @Test func aClaimIsMadeAndGivenUp() {
    let claim = value(keys.claim(x), lease: 2)
    #expect(put(claim) == [.claimed(x, holder("2", 5))])
    #expect(delete(claim.key, claim) == [.freed(x, Epoch(5))])
    #expect(delete(claim.key, nil) == [.freed(x, nil)])
  }

  @Test func aClaimWrittenOverIsYoungerThanTheOneItDestroyed() {
    let ours = value(keys.claim(x), lease: 1)
    let over = value(keys.claim(x), lease: 2, modified: 8, version: 2)
    #expect(put(over, over: ours) == [.claimed(x, holder("2", 8))])
    #expect(put(over) == [.claimed(x, holder("2", 8))])
    #expect(delete(over.key, over) == [.freed(x, nil)])
    let garbage = value(keys.claim(x), lease: 0, "garbage", modified: 8, version: 2)
    #expect(put(garbage, over: ours) == [.claimed(x, holder("0", 8, node: "(unreadable)"))])
  }

  @Test func anotherValueChangesNoOwner() {
    for lease: Int64 in [1, 2] {
      let old = value(keys.claim(x), lease: lease)
      let new = value(keys.claim(x), lease: lease, "garbage", modified: 8, version: 2)
      #expect(put(new, over: old).isEmpty)
    }
    // Our own keeps its epoch, and its end is that epoch's.
    let ours = value(keys.claim(x), lease: 1, modified: 8, version: 2)
    #expect(put(ours) == [.claimed(x, holder("1", 5))])
    #expect(delete(ours.key, ours) == [.freed(x, Epoch(5))])
  }

  @Test func sessionsBeginAndEnd() {
    let node = value(keys.node("a"), lease: 2, #"{"node":"a","session":"2","pid":7}"#)
    let opened = SessionDescription(id: SessionID("2"), node: "a", details: "pid 7")
    #expect(put(node) == [.sessionOpened(opened)])
    #expect(delete(node.key, node) == [.sessionEnded(SessionID("2"))])
    // Whose it was cannot be told.
    #expect(delete(node.key, nil) == [.missed])
    let other = value(keys.node("a"), lease: 3, "{}", modified: 8, version: 2)
    let usurper = SessionDescription(id: SessionID("3"), node: "a")
    #expect(put(other, over: node) == [.sessionEnded(SessionID("2")), .sessionOpened(usurper)])
    #expect(put(other) == [.missed, .sessionOpened(usurper)])
    #expect(put(other, over: value(keys.node("a"), lease: 3)).isEmpty)
    let leaseless = value(keys.node("a"), lease: 0, modified: 8, version: 2)
    #expect(put(leaseless, over: node) == [.sessionEnded(SessionID("2"))])
  }

  @Test func preferencesAndStrangersKeys() {
    let key = keys.preference(x)
    #expect(put(value(key, lease: 2, #"{"node":"b","session":"2"}"#)) == [.preferred(x, node: "b")])
    #expect(put(value(key, lease: 2, "garbage")) == [.preferred(x, node: nil)])
    #expect(delete(key, nil) == [.preferred(x, node: nil)])
    #expect(put(value(Data("/p/else".utf8), lease: 0)).isEmpty)
  }

  @Test func whatIsWrongWithAKeyIsOneLineWithTheRemedy() {
    for key in [
      value(keys.claim(x), lease: 0), value(keys.claim(x), lease: 2, "garbage"),
      value(keys.node("a"), lease: 0), value(keys.preference(x), lease: 2, "{}"),
      value(Data("/p/else".utf8), lease: 2),
    ] {
      let trouble = keys.trouble(of: key)
      #expect(trouble?.text.contains(key.name) == true && trouble?.text.contains("\n") == false)
    }
    for key in [
      value(keys.claim(x), lease: 2), value(keys.node("a"), lease: 2, "garbage"),
      value(keys.preference(x), lease: 2),
    ] { #expect(keys.trouble(of: key) == nil) }
  }
}
