import EtcdTestKit
import Synchronization

/// The answers of an etcd that a test makes up: one lease, number 7, granted for 5 s.
final class FakeEtcd: Sendable {
  /// What the next answers say.
  struct Script: Sendable {
    var member = 1
    var cluster = 1
    /// The terms of the coming renewals and reads, then the last for ever.
    var keepAliveTerms = [2]
    var readTerms = [2]
    var keepAliveSeconds: Int? = 5
    var keyIsThere = true
    var authenticates = true
  }

  let script = Mutex(Script())

  /// Answers a path; nil for what there is nothing to be said to.
  func answer(_ path: String, _ body: String) -> ScriptedServer.Answer {
    script.withLock { script in
      let now = header(script, term: script.readTerms.first ?? 2)
      switch path {
      case "/v3/lease/grant": return .text(#"{\#(now),"ID":"7","TTL":"5"}"#)
      case "/v3/lease/revoke": return .text("{\(now)}")
      case "/v3/kv/txn":
        return .text(#"{\#(now),"succeeded":true,"responses":[{"response_put":{}}]}"#)
      case "/v3/watch": return .opened("{\"result\":{\(now),\"created\":true}}\n")
      case "/v3/lease/keepalive":
        let header = header(script, term: next(&script.keepAliveTerms))
        let ttl = script.keepAliveSeconds.map { #","TTL":"\#($0)""# } ?? ""
        return .text(#"{"result":{\#(header),"ID":"7"\#(ttl)}}"#)
      case "/v3/kv/range" where body.contains("range_end"):
        return .text("{\(now)}")
      case "/v3/kv/range":
        let header = header(script, term: next(&script.readTerms))
        // The node's key.
        let kvs = #","kvs":[{"key":"YQ==","create_revision":"3","version":"1","lease":"7"}]"#
        return .text("{\(header)\(script.keyIsThere ? kvs : "")}")
      default: return .text("Not Found", status: 404)
      }
    }
  }

  private func header(_ script: Script, term: Int) -> String {
    #""header":{"cluster_id":"\#(script.cluster)","member_id":\#(script.member),"revision":"9","raft_term":"\#(term)"}"#
  }

  private func next(_ terms: inout [Int]) -> Int {
    terms.count > 1 ? terms.removeFirst() : terms[0]
  }
}
