import CLinux
import Glibc
import LinuxSystem
import Synchronization
import Testing
import Time

@testable import Control

@Suite(.timeLimit(.minutes(10)))
struct ControlServerTests {
  /// Runs a server for as long as `body` takes, and checks that it leaves nothing at its path.
  private func withServer(
    handler: @escaping ControlServer.Handler = { request in
      Response(version: "1", status: sample([]))
    },
    _ body: @escaping @Sendable (String) throws -> Void
  ) async throws {
    let directory = TemporaryDirectory()
    let path = directory.socket
    let server = try ControlServer(path: path, version: "1", handler: handler)
    try await withThrowingTaskGroup { group in
      group.addTask { await server.run() }
      let result = await withThread(named: "client") { Result { try body(path) } }
      server.stop()
      try await group.waitForAll()
      try result.get()
    }
    #expect(unsafe access(path, F_OK) != 0)
  }

  private static let request = #"{"version":"1","command":"status"}"#

  @Test func aLineIsAnsweredWithADocument() async throws {
    try await withServer { path in
      let client = try RawClient(path)
      client.send("\(Self.request)\n")
      let answer = client.rest()
      #expect(answer.hasPrefix("{") && answer.hasSuffix("}\n"))
      #expect(JSON.decode(Response.self, from: Array(answer.utf8))?.status == sample([]))
    }
  }

  @Test func theEndOfWhatTheClientSendsEndsTheLine() async throws {
    try await withServer { path in
      let client = try RawClient(path)
      client.send(Self.request)
      shutdown(client.descriptor, Int32(SHUT_WR))
      #expect(client.rest().contains(#""node":"node-a""#))
    }
  }

  @Test func onlyRootAndItsGroupMayOpenTheSocketAndItsDirectory() throws {
    let directory = TemporaryDirectory()
    let before = umask(0o077)
    let server = try ControlServer(path: "\(directory.path)/below/control.sock", version: "1") {
      _ in
      Response(version: "1")
    }
    umask(before)
    defer { server.stop() }
    var status = stat()
    _ = unsafe lstat("\(directory.path)/below/control.sock", &status)
    #expect(status.st_mode == 0o140_660)
    _ = unsafe lstat("\(directory.path)/below", &status)
    #expect(status.st_mode == 0o040_750)
  }

  @Test func rubbishIsRefusedWithAReason() async throws {
    try await withServer { path in
      let rubbish = try RawClient(path)
      rubbish.send("GET / HTTP/1.1\r\n\r\n")
      #expect(rubbish.rest() == #"{"error":"the request is not understood","version":"1"}"# + "\n")
      let endless = try RawClient(path)
      endless.send(String(repeating: "x", count: 70_000))
      #expect(
        endless.rest()
          == #"{"error":"the request is longer than 65536 octets","version":"1"}"# + "\n")
      let silent = try RawClient(path)
      let start = Instant.now
      #expect(silent.rest() == #"{"error":"no request within 2 s","version":"1"}"# + "\n")
      #expect((Instant.now - start).milliseconds > 1900)
    }
  }

  @Test func silentAndSlowClientsHoldUpNobody() async throws {
    let large = sample((0..<10_000).map { AddressStatus(address: "10.0.0.\($0)", state: .standby) })
    let handler: ControlServer.Handler = { _ in Response(version: "1", status: large) }
    try await withServer(handler: handler) { path in
      // Some say nothing, some half a line, some do not read an answer of megabytes, some leave.
      let silent = try (0..<5).map { _ in try RawClient(path) }
      let slow = try (0..<5).map { _ in try RawClient(path) }
      for client in silent { client.send("{") }
      for client in slow { client.send("\(Self.request)\n") }
      for _ in 0..<5 { (try RawClient(path)).send("\(Self.request)\n") }
      let start = Instant.now
      let reply = try ControlClient(path: path, version: "1", timeout: .seconds(40)).ask(.status)
      #expect(reply.response.status?.addresses.count == 10_000)
      #expect((Instant.now - start).milliseconds < 40_000)
    }
  }

  @Test func moreClientsThanItServesAtOnceAreServedInTurn() async throws {
    try await withServer { path in
      let clients = try (0..<60).map { _ in try RawClient(path) }
      for client in clients { client.send("\(Self.request)\n") }
      for client in clients { #expect(client.rest().contains("node-a")) }
    }
  }

  @Test func clientsThatDoNotFinishTheirRequestShutNobodyOut() async throws {
    try await withServer { path in
      // Each is silent, or has sent half a line.
      let halves = try (0..<200).map { number in
        let client = try RawClient(path)
        if number.isMultiple(of: 2) { client.send("{") }
        return client
      }
      let reply = try ControlClient(path: path, version: "1", timeout: .seconds(40)).ask(.status)
      #expect(reply.response.status == sample([]))
      // Not when its time had passed.
      #expect(halves[0].rest() == #"{"error":"too many ask at once","version":"1"}"# + "\n")
    }
  }

  @Test func aClientThatHasAskedIsNotSentAwayAsOneThatSaysNothing() async throws {
    let handler: ControlServer.Handler = { request in
      if request.command == .explain { try? await Task.sleep(for: .seconds(3600)) }
      return Response(version: "1", status: sample([]))
    }
    try await withServer(handler: handler) { path in
      // As many as it serves, less a few: what comes then is more than there is room for, and comes at once.
      let waiting = try (0..<60).map { _ in
        let client = try RawClient(path)
        client.send(#"{"version":"1","command":"explain"}"# + "\n")
        return client
      }
      for _ in 0..<40 {
        let clients = try (0..<16).map { _ in
          let client = try RawClient(path)
          client.send("\(Self.request)\n")
          return client
        }
        let answers = clients.map { $0.rest() }
        #expect(answers.allSatisfy { $0.contains("node-a") })
      }
      #expect(waiting.count == 60)
    }
  }

  @Test func clientsThatDoNotReadTheirAnswersShutNobodyOut() async throws {
    let handler: ControlServer.Handler = { request in
      request.command == .explain
        ? Response(version: "1", error: String(repeating: "x", count: 1 << 20))
        : Response(version: "1", status: sample([]))
    }
    try await withServer(handler: handler) { path in
      let greedy = try (0..<70).map { _ in
        let client = try RawClient(path)
        client.send(#"{"version":"1","command":"explain"}"# + "\n")
        return client
      }
      let reply = try ControlClient(path: path, version: "1", timeout: .seconds(40)).ask(.status)
      #expect(reply.response.status == sample([]))
      // One of them was cut off in the middle, before its time.
      #expect(greedy.contains { !$0.rest().hasSuffix("\n") })
    }
  }

  @Test func aHandlerThatHangsHoldsUpNobodyAndDoesNotStopTheEnd() async throws {
    let handler: ControlServer.Handler = { request in
      if request.command == .explain { try? await Task.sleep(for: .seconds(3600)) }
      return Response(version: "1", status: sample([]))
    }
    try await withServer(handler: handler) { path in
      let hung = try RawClient(path)
      hung.send(#"{"version":"1","command":"explain","address":"10.0.0.1"}"# + "\n")
      // The handlers share their threads with every other test: time enough for those to end.
      let other = ControlClient(path: path, version: "1", timeout: .seconds(40))
      #expect(try other.ask(.status).note == nil)
      let failure = #expect(throws: ControlFailure.self) {
        try ControlClient(path: path, version: "1", timeout: .milliseconds(200)).ask(.explain)
      }
      #expect(
        failure?.description
          == "the announcer at \(path) (pid \(getpid())) did not answer within 200 ms")
    }
  }

  @Test func cancellationEndsIt() async throws {
    let directory = TemporaryDirectory()
    let server = try ControlServer(path: directory.socket, version: "1") { _ in
      Response(version: "1")
    }
    let task = Task { await server.run() }
    task.cancel()
    await task.value
    #expect(unsafe access(directory.socket, F_OK) != 0)
  }
}
