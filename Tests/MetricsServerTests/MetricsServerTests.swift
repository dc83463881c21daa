import LANTestKit
import MetricsServer
import Testing

@Suite(.timeLimit(.minutes(10))) struct MetricsServerTests {
  private func curl(_ arguments: String...) async throws -> CommandResult {
    try await runCommand(["curl", "--silent", "--max-time", "10"] + arguments)
  }

  private func withServer(
    _ answer: @escaping MetricsServer.Handler = { request in
      request.path == "/metrics"
        ? MetricsServer.Answer(contentType: "x/y", body: Array("accept \(request.accept)\n".utf8))
        : MetricsServer.Answer(status: 404, body: "no \(request.path)\n")
    }, _ body: (MetricsServer) async throws -> Void
  ) async throws {
    let server = try await MetricsServer(address: "127.0.0.1", port: 0, answer)
    do {
      try await body(server)
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  @Test func aPathIsAnswered() async throws {
    try await withServer { server in
      let url = "http://\(server.place)"
      let answer = try await curl("--include", "-H", "Accept: a/b", "\(url)/metrics?x=1")
      #expect(answer.standardOutput.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(answer.standardOutput.lowercased().contains("content-type: x/y\r\n"))
      #expect(answer.standardOutput.hasSuffix("\r\n\r\naccept a/b\n"))
      let missing = try await curl("--write-out", "%{http_code}", "\(url)/other")
      #expect(missing.standardOutput == "no /other\n404")
    }
  }

  @Test func nothingButAskingIsTaken() async throws {
    try await withServer { server in
      let url = "http://\(server.place)/metrics"
      let deletion = try await curl(
        "--write-out", "%{http_code}", "--request", "DELETE", url)
      #expect(deletion.standardOutput == "GET and HEAD only\n405")
      let head = try await curl("--head", url)
      #expect(head.standardOutput.hasPrefix("HTTP/1.1 200 OK\r\n"))
      let post = try await curl("--data", "x=1", url)
      #expect(!post.succeeded)
      #expect(try await curl(url).succeeded)
    }
  }

  @Test func severalAtOnceAndOneAfterTheOther() async throws {
    try await withServer { server in
      let url = "http://\(server.place)/metrics"
      await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<10 {
          group.addTask { (try? await curl(url, url, url).succeeded) ?? false }
        }
        for await succeeded in group { #expect(succeeded) }
      }
    }
  }

  @Test func aPortThatIsTakenIsExplained() async throws {
    try await withServer { server in
      await #expect {
        _ = try await MetricsServer(address: "127.0.0.1", port: server.port) { _ in
          MetricsServer.Answer(body: "")
        }
      } throws: {
        "\($0)"
          == "metrics.listen: cannot listen on 127.0.0.1 port \(server.port): "
          + "somebody else does; name another port"
      }
    }
  }
}
