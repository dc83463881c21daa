import Glibc
import LinuxSystem
import MetricsServer
import Testing
import Time

@Suite(.serialized, .timeLimit(.minutes(5))) struct HostileClientsTests {
  private func withServer(
    _ limits: MetricsServer.Limits = MetricsServer.Limits(),
    _ body: (MetricsServer) async throws -> Void
  ) async throws {
    let large = [UInt8](repeating: UInt8(ascii: "x"), count: 8 << 20)
    let server = try await MetricsServer(
      address: "127.0.0.1", port: 0, probes: ["/healthz"], limits: limits
    ) { request in
      request.path == "/metrics"
        ? MetricsServer.Answer(body: large) : MetricsServer.Answer(body: "ok\n")
    }
    do {
      try await body(server)
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  /// In `make figures` and `make hostile`; beside all the other tests, times say little.
  private static let isAlone = unsafe getenv("ANNOUNCER_FIGURES") != nil

  /// A request of its own connection, and how long the answer took.
  private func ask(
    _ path: String, _ port: Int, from source: UInt32 = 0x7f00_0001
  ) async throws -> (answer: String, time: Duration) {
    try await withThread(named: "probe") { () throws in
      let start = Instant.now
      let client = try HostileClients.connect(to: port, from: source)
      defer { close(client) }
      HostileClients.send("GET \(path) HTTP/1.1\r\nConnection: close\r\n\r\n", to: client)
      return (HostileClients.rest(of: client), Instant.now - start)
    }
  }

  /// The machine has the other end of the thousand connections as well: it has no time for other tests beside.
  @Test(
    .enabled(if: isAlone, "times beside other tests say little: see make figures"),
    arguments: HostileClients.Conduct.allCases)
  func aProbeIsAnsweredBesideAThousandOfThem(_ conduct: HostileClients.Conduct) async throws {
    try await withServer { server in
      let clients = HostileClients(1000, conduct, port: server.port)
      defer { clients.stop() }
      while clients.roundsMade < 2 { try await Task.sleep(for: .milliseconds(10)) }
      var times: [Duration] = []
      while times.count < 20 {
        let (answer, time) = try await ask("/healthz", server.port)
        let isRight = answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\nok\n")
        times.append(isRight ? time : .seconds(60))
        try await Task.sleep(for: .milliseconds(50))
      }
      // Not all of them: the machine has other work.
      times.sort()
      #expect(times[5] <= .milliseconds(100), "\(times)")
      #expect(times[15] < .seconds(60), "\(times)")
      let (metrics, _) = try await ask("/metrics", server.port, from: 0x7f00_0002)
      #expect(metrics.utf8.count > 8 << 20)
    }
  }

  @Test func aRequestHasATimeHoweverManyOctetsCome() async throws {
    var limits = MetricsServer.Limits()
    limits.askingTime = .milliseconds(500)
    try await withServer(limits) { server in
      let (answer, time) = try await withThread(named: "trickle") { () throws in
        let client = try HostileClients.connect(to: server.port)
        defer { close(client) }
        let start = Instant.now
        var state = pollfd(fd: client, events: HostileClients.hangUp, revents: 0)
        HostileClients.send("GET /healthz HTTP/1.1\r\nX: ", to: client)
        while unsafe poll(&state, 1, 50) == 0 { HostileClients.send("x", to: client) }
        return (HostileClients.rest(of: client), Instant.now - start)
      }
      #expect(answer == "")
      #expect(time >= .milliseconds(450))
    }
  }

  @Test func anAnswerHasATimeHoweverSlowlyItIsRead() async throws {
    var limits = MetricsServer.Limits()
    limits.answeringTime = .milliseconds(500)
    try await withServer(limits) { server in
      let count = try await withThread(named: "slow") { () throws in
        let client = try HostileClients.connect(to: server.port)
        defer { close(client) }
        HostileClients.send("GET /metrics HTTP/1.1\r\n\r\n", to: client)
        var octet: [UInt8] = [0]
        var state = pollfd(fd: client, events: HostileClients.hangUp, revents: 0)
        while unsafe poll(&state, 1, 50) == 0 { _ = unsafe recv(client, &octet, 1, 0) }
        return HostileClients.rest(of: client).utf8.count
      }
      #expect(count < 8 << 20)
    }
  }

  @Test func aConnectionIsKeptForTheNextRequest() async throws {
    try await withServer { server in
      let answer = try await withThread(named: "keep") { () throws in
        let client = try HostileClients.connect(to: server.port)
        defer { close(client) }
        for _ in 0..<3 { HostileClients.send("GET /other HTTP/1.1\r\n\r\n", to: client) }
        HostileClients.send("GET /other HTTP/1.1\r\nConnection: close\r\n\r\n", to: client)
        return HostileClients.rest(of: client)
      }
      #expect(answer.split(separator: "ok\n").count == 4)
    }
  }
}
