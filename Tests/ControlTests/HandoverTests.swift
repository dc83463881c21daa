import Testing

@testable import Control

struct HandoverTests {
  @Test(arguments: [
    (12.0, "12 ms"), (12.5, "13 ms"), (0.04, "0 ms"), (1.26, "1.3 ms"), (9.96, "10 ms"),
    (1500, "1500 ms"),
  ])
  func theTimeIsAsLongAsItMatters(milliseconds: Double, text: String) {
    let handover = Handover(
      address: "10.80.8.150", from: "node-a", to: "node-b", tookMs: milliseconds)
    #expect(handover.text == "10.80.8.150 handed over to node-b in \(text)\n")
  }

  @Test func whatIsNotKnownIsNotSaid() {
    #expect(
      Handover(address: "::1", from: "a", to: "b").text == "::1 handed over to b\n")
    #expect(
      Handover(address: "::1", from: "a", tookMs: 3).text
        == "::1 given up in 3 ms; nobody has taken it yet\n")
    #expect(
      Handover(address: "::1", to: "b\n\u{1b}", error: "held by \u{1b}[2J").text
        == "::1: held by \\u{1b}[2J\n")
  }

  @Test func absentIsNullAndWhatIsWrittenReadsBack() {
    let handover = Handover(address: "::1", error: "no")
    #expect(
      String(decoding: JSON.line(handover), as: UTF8.self)
        == #"{"address":"::1","error":"no","from":null,"to":null,"tookMs":null}"#)
    let response = Response(version: "1", handover: handover)
    #expect(JSON.decode(Response.self, from: JSON.line(response)) == response)
    let request = Request(version: "1", command: .handover, address: "::1", to: "b")
    #expect(JSON.decode(Request.self, from: JSON.line(request)) == request)
    let older = #"{"version":"0.1.0","command":"status"}"#
    #expect(JSON.decode(Request.self, from: Array(older.utf8))?.to == nil)
  }
}
