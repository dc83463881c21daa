import EtcdTestKit
import HTTPTransport
import LinuxSystem
import NIOHTTP1
import Synchronization
import Testing
import Time

@testable import Kubernetes

@Suite(.timeLimit(.minutes(10))) struct APIClientTests {
  @Test func aCallSaysWhatItIsAndWho() async throws {
    try await ScriptedAPI.run { _, exchange in
      exchange.answer(good)
    } _: { server in
      let client = try APIClient(
        access("\(server.url)/gateway/", .token("secret")) { access in
          access.user.impersonation = [.init(name: "Impersonate-User", value: "jane")]
        })
      let answer = try await client.call(
        .patch, "/api/v1/nodes", query: [("labelSelector", "a=b,c in (d&e)")],
        body: Array("{}".utf8),
        lane: .renewals, until: soon())
      #expect(String(decoding: answer, as: UTF8.self) == good)
      let request = try #require(server.requests.first)
      #expect(request.method == "PATCH")
      #expect(request.path == "/gateway/api/v1/nodes")
      #expect(request["labelSelector"] == "a=b,c in (d&e)")
      #expect(request.body == "{}")
      #expect(request.headers["Content-Type"] == ["application/merge-patch+json"])
      #expect(request.headers["Accept"] == ["application/json"])
      #expect(request.headers["Authorization"] == ["Bearer secret"])
      #expect(request.headers["Impersonate-User"] == ["jane"])
      #expect(request.headers["Host"] == ["127.0.0.1:\(server.port)"])
    }
  }

  @Test func userAndPassword() async throws {
    try await ScriptedAPI.run { _, exchange in
      exchange.answer(good)
    } _: { server in
      let client = try APIClient(access(server.url, .password(user: "jane", password: "pass:word")))
      _ = try await client.call(.get, "/", until: soon())
      #expect(server.requests.first?.headers["Authorization"] == ["Basic amFuZTpwYXNzOndvcmQ="])
    }
  }

  @Test(
    arguments: [
      (400, .invalid), (401, .refused), (403, .refused), (404, .notFound), (405, .invalid),
      (409, .conflict), (410, .gone), (415, .invalid), (422, .invalid), (429, .throttled),
      (500, .unavailable), (503, .unavailable), (504, .unavailable), (507, .exhausted),
      (301, .misconfigured), (408, .timedOut),
    ] as [(Int, APIFailure.Kind)])
  func statusCodes(_ code: Int, _ kind: APIFailure.Kind) async throws {
    try await ScriptedAPI.run { _, exchange in
      exchange.answer(status(code, "Because", "it is so"), status: code)
    } _: { server in
      let client = try APIClient(access(server.url))
      let failure = await failure { _ = try await client.call(.put, "/a/b", until: soon()) }
      #expect(failure?.kind == kind)
      #expect(failure?.status == code)
      #expect(failure?.reason == "Because")
      #expect(failure?.mayHaveTakenEffect == (code >= 500))
      #expect(
        failure?.text.hasPrefix("PUT /a/b on \(server.url): HTTP \(code): it is so") == true)
      #expect(server.requests.count == 1)
    }
  }

  @Test func quotasAndAFullStoreAreExhaustion() async throws {
    let messages = [
      (403, "events is forbidden: exceeded quota: small"),
      (500, "etcdserver: mvcc: database space exceeded"),
    ]
    for (code, message) in messages {
      try await ScriptedAPI.run { _, exchange in
        exchange.answer(status(code, "Forbidden", message), status: code)
      } _: { server in
        let client = try APIClient(access(server.url))
        let failure = await failure { _ = try await client.call(.post, "/", until: soon()) }
        #expect(failure?.kind == .exhausted)
      }
    }
  }

  @Test func retryAfterIsRead() async throws {
    let answers: [(String, [(String, String)], Duration?)] = [
      (status(429, "", ""), [("Retry-After", "7")], .seconds(7)),
      (status(504, "Timeout", "", details: #"{"retryAfterSeconds":1}"#), [], .seconds(1)),
      (status(503, "", ""), [("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")], nil),
      ("", [("Retry-After", "99999999999")], .seconds(120)),
      ("", [], nil),
    ]
    for (body, headers, expected) in answers {
      try await ScriptedAPI.run { _, exchange in
        exchange.answer(body, status: 503, headers: headers)
      } _: { server in
        let client = try APIClient(access(server.url))
        let failure = await failure { _ = try await client.call(.get, "/", until: soon()) }
        #expect(failure?.retryAfter == expected)
      }
    }
  }

  @Test func warningsAreToldOnce() async throws {
    try await ScriptedAPI.run { request, exchange in
      exchange.answer(
        good,
        headers: [
          ("Warning", #"299 - "v1beta1 \"old\" is deprecated", 299 - "b" "Wed, 21 Oct""#),
          ("Warning", #"299 - "c\#(request.path)""#),
        ])
    } _: { server in
      let client = try APIClient(access(server.url))
      for path in ["/x", "/x", "/y"] { _ = try await client.call(.get, path, until: soon()) }
      #expect(client.warningsSoFar == [#"v1beta1 "old" is deprecated"#, "b", "c/x", "c/y"])
      var told: [String] = []
      for await warning in client.warnings {
        told.append(warning)
        if told.count == 4 { break }
      }
      #expect(told == client.warningsSoFar)
    }
  }

  @Test func pagesOfHTMLAndOtherRubbishAreNamed() async throws {
    let answers: [(String, Int, String)] = [
      ("<html><h1>Welcome", 200, "a page of HTML"), ("", 200, "no JSON: HTTP 200, empty"),
      ("hello", 200, "no JSON: HTTP 200: hello"),
      ("\n <html>", 502, "HTTP 502, with a page of HTML"),
      ("404 page not found\n", 404, "HTTP 404: 404 page not found"),
    ]
    for (body, status, words) in answers {
      try await ScriptedAPI.run { _, exchange in
        exchange.answer(body, status: status)
      } _: { server in
        let client = try APIClient(access(server.url))
        let failure = await failure { _ = try await client.call(.get, "/", until: soon()) }
        #expect(failure?.text.contains(words) == true, "\(failure?.text ?? "")")
        if status == 200 { #expect(failure?.kind == .unintelligible) }
        #expect(failure?.text.contains("\n") == false)
      }
    }
  }

  @Test func anAnswerWithoutAnEndIsCut() async throws {
    try await ScriptedAPI.run { _, exchange in
      exchange.open()
      await exchange.sendForEver(String(repeating: "{", count: 65536))
    } _: { server in
      let client = try APIClient(access(server.url))
      let failure = await failure { _ = try await client.call(.get, "/", until: soon()) }
      #expect(failure?.kind == .unintelligible)
      #expect(failure?.text.contains("does not end within 8 MiB: is it a Kubernetes") == true)
    }
  }

  @Test func whoDoesNotAnswerIsLeftAtTheDeadline() async throws {
    try await ScriptedAPI.run { request, exchange in
      if request.path == "/begun" { exchange.open() }
    } _: { server in
      let client = try APIClient(access(server.url))
      for path in ["/silent", "/begun"] {
        let start = Instant.now
        let failure = await failure {
          _ = try await client.call(.put, path, until: .now + .milliseconds(200))
        }
        #expect(failure?.kind == .timedOut)
        #expect(failure?.mayHaveTakenEffect == true)
        #expect(Instant.now - start < .seconds(5))
      }
      #expect(server.requests.count == 2)
      let late = await failure { _ = try await client.call(.put, "/", until: .now) }
      #expect(late?.kind == .timedOut)
      #expect(late?.mayHaveTakenEffect == false)
      #expect(server.requests.count == 2)
    }
  }

  @Test func nobodyThere() async throws {
    let client = try APIClient(access("http://127.0.0.1:\(freePorts(1)[0])"))
    let failure = await failure { _ = try await client.call(.post, "/", until: soon()) }
    #expect(failure?.kind == .unreachable)
    #expect(failure?.mayHaveTakenEffect == false)
    #expect(failure?.text.contains("Connection refused") == true)
  }

  /// What may have taken effect is never sent twice.
  @Test(arguments: [(.get, 2), (.put, 1), (.post, 1)] as [(APIClient.Method, Int)])
  func aConnectionThatBreaksIsTriedAgainForReadsAlone(
    _ method: APIClient.Method, _ count: Int
  ) async throws {
    try await ScriptedAPI.run { _, exchange in
      exchange.cut()
    } _: { server in
      let client = try APIClient(access(server.url))
      let failure = await failure { _ = try await client.call(method, "/", until: soon()) }
      #expect(failure?.kind == .unreachable)
      #expect(failure?.mayHaveTakenEffect == true)
      #expect(server.requests.count == count)
    }
  }

  @Test(arguments: [(.get, 2), (.put, 1)] as [(APIClient.Method, Int)])
  func anAnswerThatBreaksOff(_ method: APIClient.Method, _ count: Int) async throws {
    try await ScriptedAPI.run { _, exchange in
      exchange.open()
      exchange.send("{")
      exchange.cut()
    } _: { server in
      let client = try APIClient(access(server.url))
      let failure = await failure { _ = try await client.call(method, "/", until: soon()) }
      #expect(failure?.kind == .unreachable)
      #expect(failure?.mayHaveTakenEffect == true)
      #expect(failure?.text.contains("in the middle of the answer") == true)
      #expect(server.requests.count == count)
    }
  }

  @Test func cancellationEndsACall() async throws {
    try await ScriptedAPI.run { _, _ in
    } _: { server in
      let client = try APIClient(access(server.url))
      let task = Task { await failure { _ = try await client.call(.get, "/", until: soon()) } }
      await eventually { server.requests.count == 1 }
      task.cancel()
      let outcome = await task.value
      #expect(outcome?.kind == .cancelled)
      #expect(server.requests.count == 1)
    }
  }

  @Test func discovery() async throws {
    try await ScriptedAPI.run { request, exchange in
      switch request.path {
      case "/version": exchange.answer(#"{"major":"1","gitVersion":"v1.20.2"}"#)
      case "/apis":
        exchange.answer(
          #"{"kind":"APIGroupList","groups":[{"name":"a.b","versions":[{"groupVersion":"a.b/v2","#
            + #""version":"v2"},{"groupVersion":"a.b/v1","version":"v1"}]},{"name":"c"}]}"#)
      case "/apis/a.b/v2":
        exchange.answer(
          #"{"kind":"APIResourceList","resources":[{"name":"things","kind":"Thing","namespaced":true,"#
            + #""verbs":["get","list"]},{"name":"things/status","kind":"Thing","verbs":["get"]}]}"#)
      case "/api/v1": exchange.answer(good)
      default: exchange.answer("404 page not found\n", status: 404)
      }
    } _: { server in
      let client = try APIClient(access(server.url))
      #expect(try await client.serverVersion(until: soon()) == "v1.20.2")
      #expect(try await client.groups(until: soon()) == ["a.b": ["v2", "v1"], "c": []])
      let resources = try await client.resources(group: "a.b", version: "v2", until: soon())
      #expect(resources.map(\.name) == ["things"])
      #expect(resources.first?.isNamespaced == true)
      #expect(resources.first?.verbs == ["get", "list"])
      let other = await failure {
        _ = try await client.resources(group: "", version: "v1", until: soon())
      }
      #expect(other?.kind == .unintelligible)
      let missing = await failure {
        _ = try await client.resources(group: "a.b", version: "v1", until: soon())
      }
      #expect(missing?.kind == .notFound)
    }
  }
}
