internal import ArgumentParser
internal import LANTestKit

@main
struct FaultHarness: AsyncParsableCommand {
  func run() async throws {
    try await LAN.with(hosts: ["a"]) { lan in print(try await lan["a"].hardwareAddress()) }
  }
}
