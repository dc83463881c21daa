import Announcer
import Configuration
import Testing
import Wire

@testable import Daemon

struct MetricsSettingsLinksTests {
  private func warning(_ listen: String) throws -> String? {
    let configuration = try Configuration.parse(
      "metrics: {listen: \"\(listen):9717\"}", file: "a.yaml", hostName: "a")
    let own = try #require(IPAddress("10.80.8.1"))
    let link = Link(
      id: LinkID(index: 2, generation: 0), name: "lan0",
      addresses: [LinkAddress(address: own, prefixLength: 24)])
    return try #require(configuration.metrics).warning(among: [link])
  }

  @Test(arguments: ["10.80.8.1", "127.0.0.1", "127.0.0.9", "0.0.0.0", "[::]", "[::1]"])
  func whatTheNodeHasIsFine(listen: String) throws {
    #expect(try warning(listen) == nil)
  }

  @Test(arguments: ["10.80.8.2", "[2001:db8::1]"])
  func whatItDoesNotHaveIsWarnedOf(listen: String) throws {
    #expect(try warning(listen)?.contains("no interface of this node has ") == true)
  }
}
