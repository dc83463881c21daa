import EtcdTestKit
import Lease
import LeaseEtcd
import LeaseTestKit
import Testing

/// Endpoints that are no etcd, or not in order: one clear line each, in time, and never an answer.
struct EtcdBadEndpointTests {
  /// What opening a session fails with.
  private func complaint(
    about url: String, within limit: Duration = .seconds(2)
  ) async throws -> StoreFailure? {
    let client = try StoreClient([url])
    let start = ContinuousClock.now
    let failure = await failure {
      _ = try await client.store.open(node: "a", timeToLive: .seconds(5), within: limit)
    }
    // What it would wait for has no end; room for a busy machine.
    #expect(ContinuousClock.now - start < limit + .seconds(10))
    if let failure {
      #expect(failure.text.contains(url) && !failure.text.contains("\n"), "\(failure)")
    }
    return failure
  }

  private func complaint(
    aboutAnswer answer: ScriptedServer.Answer, within limit: Duration = .seconds(2)
  ) async throws -> StoreFailure? {
    let server = try ScriptedServer { _, _ in answer }
    return try await complaint(about: server.url, within: limit)
  }

  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      ("<html><body>hello</body></html>", 200, StoreFailure.Kind.unintelligible),
      ("{}", 200, .unintelligible),
      (#"{"header":{}}"#, 200, .unintelligible),
      ("", 200, .unintelligible),
      ("<html>moved</html>", 302, .unintelligible),
      ("not found", 404, .unintelligible),
      ("who are you", 401, .refused),
      ("forbidden", 403, .refused),
      ("bad gateway", 502, .unavailable),
      (#"{"error":"etcdserver: no leader","code":14}"#, 503, .unavailable),
      (#"{"error":"etcdserver: mvcc: database space exceeded","code":8}"#, 429, .exhausted),
      (#"{"error":"etcdserver: permission denied","code":7}"#, 403, .refused),
      (#"{"error":{"grpc_code":14,"message":"etcdserver: no leader"}}"#, 200, .unavailable),
    ])
  func whatIsNoAnswerIsSaidSo(text: String, status: Int, kind: StoreFailure.Kind) async throws {
    let failure = try await complaint(aboutAnswer: .text(text, status: status))
    #expect(failure?.kind == kind, "\(failure as Any)")
  }

  @Test(.timeLimit(.minutes(10)))
  func aBodyWithoutEndIsCutOff() async throws {
    let failure = try await complaint(aboutAnswer: .endless("x"), within: .seconds(10))
    #expect(failure?.kind == .unintelligible, "\(failure as Any)")
  }

  @Test(.timeLimit(.minutes(10)))
  func silenceIsATimeOut() async throws {
    for answer in [ScriptedServer.Answer.silence, .opened("{")] {
      let failure = try await complaint(aboutAnswer: answer, within: .milliseconds(300))
      #expect(failure?.kind == .timedOut, "\(failure as Any)")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func whatIsNoHTTPIsSaidSo() async throws {
    let failure = try await complaint(aboutAnswer: .raw("SSH-2.0-OpenSSH_9.2\r\n"))
    #expect(failure?.kind == .unintelligible, "\(failure as Any)")
    let closed = try await complaint(aboutAnswer: .raw(""))
    #expect(closed?.kind == .unreachable, "\(closed as Any)")
  }

  @Test(.timeLimit(.minutes(10)))
  func nobodyThereIsSaidSo() async throws {
    let refused = try await complaint(about: "http://127.0.0.1:\(freePorts(1)[0])")
    #expect(refused?.kind == .unreachable)
    #expect(refused?.text.contains("Connection refused") == true, "\(refused as Any)")
    let unknown = try await complaint(about: "http://no-such-host.invalid:2379")
    #expect(unknown?.kind == .unreachable, "\(unknown as Any)")
  }

  @Test(.timeLimit(.minutes(10)))
  func cancellationIsPrompt() async throws {
    let server = try ScriptedServer { _, _ in .silence }
    let client = try StoreClient([server.url])
    let call = Task {
      await failure {
        _ = try await client.store.open(node: "a", timeToLive: .seconds(5), within: .seconds(50))
      }
    }
    while server.bodies(of: "/v3/lease/grant").isEmpty { await Task.yield() }
    let start = ContinuousClock.now
    call.cancel()
    #expect(await call.value?.kind == .timedOut)
    #expect(ContinuousClock.now - start < .seconds(1))
  }

  @Test(.timeLimit(.minutes(10)))
  func aGoodEndpointIsFoundWithinOneCall() async throws {
    let fake = FakeEtcd()
    let rubbish = try ScriptedServer { _, _ in .text("<html>") }
    let headless = try ScriptedServer { _, _ in
      .text(#"{"error":"etcdserver: no leader","code":14}"#, status: 503)
    }
    let good = try ScriptedServer { path, body in fake.answer(path, body) }
    let client = try StoreClient([
      "http://127.0.0.1:\(freePorts(1)[0])", rubbish.url, headless.url, good.url,
    ])
    _ = try await client.open("node-a", timeToLive: .seconds(5))
    #expect(client.store.place == good.url)
    // The watch has followed.
    #expect(good.bodies(of: "/v3/watch").count == 1)
  }

  @Test(arguments: [
    [], ["10.80.0.11:2379"], ["ftp://10.80.0.11:2379"], ["http://"], ["http://h:2379/v3"],
    ["http://user@h:2379"],
  ])
  func endpointsThatCannotBeAreRefused(endpoints: [String]) async {
    let failure = await failure { _ = try EtcdLeaseStore(EtcdOptions(endpoints: endpoints)) }
    #expect(failure?.kind == .misconfigured)
  }

  @Test func anEmptyPrefixIsRefused() async {
    let failure = await failure {
      _ = try EtcdLeaseStore(EtcdOptions(endpoints: ["http://h:2379"], prefix: "/"))
    }
    #expect(failure?.kind == .misconfigured)
  }
}
