import Configuration
import Testing
import Wire

struct MetricsSettingsTests {
  @Test func nobodyListensUnlessToldTo() throws {
    #expect(try parse("{}").metrics == nil)
  }

  @Test(arguments: [
    ("127.0.0.1:9717", "127.0.0.1", UInt16(9717)), ("[::1]:80", "::1", 80),
    ("0.0.0.0:65535", "0.0.0.0", 65535),
  ])
  func whereToListen(text: String, address: String, port: UInt16) throws {
    let metrics = try #require(try parse("metrics: {listen: \"\(text)\"}").metrics)
    #expect(metrics.address == IPAddress(address) && metrics.port == port)
  }

  @Test(arguments: [
    "9717", ":9717", "localhost:9717", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "::1:9717",
    "[127.0.0.1]:9717", "127.0.0.1:+1",
  ])
  func whatIsNoPlaceIsRefused(text: String) {
    #expect(theFault("metrics: {listen: \"\(text)\"}").contains("is no address with a port"))
  }

  @Test func aSectionWithoutAPlaceIsAFault() {
    #expect(theFault("metrics: {}").contains("metrics.listen: it has no address to listen on"))
    #expect(theFault("metrics: {lisen: x}").contains("did you mean `listen`?"))
  }
}
