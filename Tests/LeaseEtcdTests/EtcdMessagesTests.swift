import FoundationEssentials
import Lease
import Testing

@testable import LeaseEtcd

/// The JSON that etcd's gateway speaks, as protobuf maps it.
struct EtcdMessagesTests {
  private func decode<Message: Decodable>(_ type: Message.Type, _ text: String) throws -> Message {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  private func text(_ message: some Encodable) -> String {
    String(decoding: message.json, as: UTF8.self)
  }

  @Test(arguments: [
    (#"{"ID":"7533855868267050245","TTL":"2"}"#, 7_533_855_868_267_050_245, 2),
    (#"{"ID":7533855868267050245,"TTL":2}"#, 7_533_855_868_267_050_245, 2),
    (#"{"ID":"-1"}"#, -1, 0), (#"{"TTL":null}"#, 0, 0), ("{}", 0, 0),
  ])
  func numbersComeAsTextAsNumbersOrNotAtAll(text: String, lease: Int64, ttl: Int64) throws {
    let answer = try decode(GrantAnswer.self, text)
    #expect(answer.lease == lease && answer.timeToLive == ttl)
  }

  @Test(arguments: [
    #"{"ID":"x"}"#, #"{"ID":""}"#, #"{"ID":1.5}"#, #"{"ID":"9223372036854775808"}"#,
    #"{"ID":[]}"#, #"{"ID":true}"#,
  ])
  func whatIsNoNumberIsAnError(text: String) {
    #expect(throws: (any Error).self) { try decode(GrantAnswer.self, text) }
  }

  @Test func keysAndValuesAreBase64() throws {
    let answer = try decode(
      RangeAnswer.self,
      #"{"kvs":[{"key":"L2E=","value":"eyJ4IjoxfQ==","create_revision":"5","mod_revision":7,"version":"2","lease":"-9"}],"count":"1"}"#
    )
    let key = try #require(answer.keyValues?.first)
    #expect(key.name == "/a" && key.value == Data(#"{"x":1}"#.utf8))
    #expect(key.createRevision == 5 && key.modRevision == 7 && key.version == 2)
    #expect(key.lease == -9)
    #expect(try decode(RangeAnswer.self, "{}").keyValues == nil)
    #expect(throws: (any Error).self) {
      try decode(RangeAnswer.self, #"{"kvs":[{"key":"not base64!"}]}"#)
    }
  }

  @Test func aTransactionSaysNothingWhenItDoesNotSucceed() throws {
    let answer = try decode(
      TransactionAnswer.self,
      #"{"header":{"member_id":"1"},"responses":[{"response_txn":{"header":{},"succeeded":true}},{"response_put":{}}]}"#
    )
    #expect(!answer.hasSucceeded && answer.responses?.count == 2)
    #expect(answer.responses?[0].transaction?.hasSucceeded == true)
  }

  @Test func requestsAreWrittenAsTheGatewayWants() {
    let transaction = TransactionRequest(
      compare: [.createRevision(of: Data("a".utf8), is: 0), .lease(of: Data("b".utf8), is: -1)],
      success: [.put(Data("a".utf8), value: Data("v".utf8), lease: 7), .delete(Data("b".utf8))],
      failure: [.range(Data("a".utf8)), .transaction(TransactionRequest())])
    let compare =
      #""compare":[{"create_revision":"0","key":"YQ==","result":"EQUAL","target":"CREATE"},"#
      + #"{"key":"Yg==","lease":"-1","result":"EQUAL","target":"LEASE"}]"#
    let failure =
      #""failure":[{"request_range":{"key":"YQ=="}},"#
      + #"{"request_txn":{"compare":[],"failure":[],"success":[]}}]"#
    let success =
      #""success":[{"request_put":{"key":"YQ==","lease":"7","value":"dg=="}},"#
      + #"{"request_delete_range":{"key":"Yg=="}}]"#
    #expect(text(transaction) == "{\(compare),\(failure),\(success)}")
    #expect(text(GrantRequest(timeToLive: 5)) == #"{"TTL":"5"}"#)
  }

  @Test func eventsOfAWatch() throws {
    let line = try decode(
      WatchLine.self,
      #"{"result":{"header":{"revision":"9"},"events":[{"kv":{"key":"YQ==","mod_revision":"9"}},{"type":"DELETE","kv":{"key":"Yg=="}}]}}"#
    )
    let events = try #require(line.result?.events)
    #expect(!events[0].isDeletion && events[1].isDeletion)
    let over = try decode(
      WatchLine.self, #"{"result":{"header":{},"canceled":true,"compact_revision":"5"}}"#)
    #expect(over.result?.compactRevision == 5 && over.result?.canceled == true)
    let error = try decode(
      WatchLine.self, #"{"error":{"grpc_code":14,"http_code":503,"message":"no leader"}}"#)
    #expect(error.error?.code == 14 && error.error?.message == "no leader")
  }

  @Test func errorsOfCallsAndOfStreams() throws {
    let call = try decode(GatewayError.self, #"{"error":"a","message":"b","code":5}"#)
    #expect(call.details.code == 5 && call.details.message == "b")
    let bare = try decode(GatewayError.self, #"{"error":"a"}"#)
    #expect(bare.details.code == 0 && bare.details.message == "a")
    #expect(throws: (any Error).self) { try decode(GatewayError.self, "{}") }
  }

  @Test func leasesAreNamedAsEtcdctlPrintsThem() {
    for (lease, text) in [
      (1_234_567_890_123_456_789, "112210f47de98115"), (-1, "ffffffffffffffff"),
    ] {
      #expect(SessionID(lease: Int64(lease)).text == text)
      #expect(SessionID(text).lease == Int64(lease))
    }
    #expect(SessionID("node-a").lease == nil)
  }
}
