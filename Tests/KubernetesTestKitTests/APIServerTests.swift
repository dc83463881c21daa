import KubernetesTestKit
import LANTestKit
import Testing

@Suite struct APIServerTests {
  @Test func servesWhatWasPut() async throws {
    let server = try await APIServer.start()
    try server.put(
      #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"ports":[{"port":80}]}}"#
    )
    let services = try await server.list(.service)
    #expect(services.map { $0["metadata"]["name"] } == ["web"])
  }
}
