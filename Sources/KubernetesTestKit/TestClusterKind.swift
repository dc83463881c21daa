internal import CLinux
internal import Glibc
package import Testing

/// Which server a test runs against: `@Test(arguments: TestClusterKind.available)`.
package enum TestClusterKind: String, Hashable, Sendable, CaseIterable, CustomTestStringConvertible
{
  /// Ours, in the tests' own process.
  case inProcess
  /// A kube-apiserver with an etcd.
  case real

  /// Ours, and the real one where `ANNOUNCER_KUBE_APISERVER` names its program.
  package static let available: [Self] =
    RealAPIServer.reasonNotAvailable == nil ? [.inProcess, .real] : [.inProcess]

  package var testDescription: String {
    switch self {
    case .inProcess: "in-process server"
    case .real: "real kube-apiserver"
    }
  }

  /// Starts a server, runs `body`, and ends it, even when the test fails.
  package func run(_ body: (any TestCluster) async throws -> Void) async throws {
    switch self {
    case .inProcess: try await body(APIServer.start())
    case .real:
      let server = try await RealAPIServer.start()
      do {
        try await body(server)
      } catch {
        await server.stop()
        throw error
      }
      await server.stop()
    }
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs the test only where there is a real kube-apiserver; says visibly why it was skipped.
  package static var needsKubeAPIServer: Self {
    .enabled(
      if: RealAPIServer.reasonNotAvailable == nil,
      Comment(rawValue: "skipped: \(RealAPIServer.reasonNotAvailable ?? "it is there")"))
  }
}
