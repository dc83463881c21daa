import LinuxSystem
import NIOCore
import NIOPosix
import Testing
import Time

@testable import Kubernetes

/// TLS that does not come about.
@Suite(.timeLimit(.minutes(10))) struct HandshakeTests {
  /// As with a server that was stopped (SIGSTOP), or that is still starting: the kernel takes connections for it.
  @Test func aServerThatHangsIsNotSaidToSpeakSomethingElse() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let channel = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port ?? 0
    let client = try APIClient(access("https://127.0.0.1:\(port)"))
    let failure = await failure {
      _ = try await client.call(.get, "/version", until: soon())
    }
    #expect(failure?.kind == .unreachable)
    #expect(
      failure?.text.contains("does not answer the TLS handshake") == true, "\(failure as Any)")
    #expect(failure?.text.contains("speak") == false)
    try await channel.close()
    try await group.shutdownGracefully()
  }
}
