import HTTPTransport
import LinuxSystem
import NIOHTTP1
import Synchronization
import Testing
import Time

@testable import Kubernetes

@Suite(.timeLimit(.minutes(10))) struct ClientCredentialsTests {
  /// Which token is good at the moment.
  private final class Gate: Sendable {
    private let good: Mutex<String>
    init(_ token: String) { good = Mutex(token) }
    func admit(_ token: String) { good.withLock { $0 = token } }

    func answer(_ request: ScriptedAPI.Request, _ exchange: Exchange) {
      if request.headers["Authorization"] == ["Bearer \(good.withLock { $0 })"] {
        exchange.answer(KubernetesTests.good)
      } else {
        exchange.answer(status(401, "Unauthorized", "Unauthorized"), status: 401)
      }
    }
  }

  @Test func aTokenThatIsReplacedIsReadAgain() async throws {
    try await Folder.run { folder in
      let gate = Gate("one")
      try await ScriptedAPI.run {
        gate.answer($0, $1)
      } _: { server in
        let file = try folder.write("token", "one\n")
        let client = try APIClient(access(server.url, .tokenFile(file)))
        _ = try await client.call(.post, "/", until: soon())
        try folder.write("token", "two\n")
        // Not before it is needed, or old.
        _ = try await client.call(.post, "/", until: soon())
        #expect(server.requests.count == 2)
        gate.admit("two")
        _ = try await client.call(.post, "/", until: soon())
        #expect(server.requests.count == 4)
        _ = try await client.call(.post, "/", until: soon())
        #expect(server.requests.count == 5)
      }
    }
  }

  @Test func aTokenThatIsRefusedAndNotReplacedIsNotSentAgain() async throws {
    try await Folder.run { folder in
      let gate = Gate("one")
      try await ScriptedAPI.run {
        gate.answer($0, $1)
      } _: { server in
        let file = try folder.write("token", "zero")
        let clients = [
          try APIClient(access(server.url, .tokenFile(file))),
          try APIClient(access(server.url, .token("zero"))), try APIClient(access(server.url)),
        ]
        for client in clients {
          let failure = await failure { _ = try await client.call(.get, "/", until: soon()) }
          #expect(failure?.status == 401)
          #expect(failure?.text.contains("are the credentials still valid?") == true)
        }
        #expect(server.requests.count == 3)
      }
    }
  }

  @Test func aTokenFileThatIsAwayForAMomentIsNoTrouble() async throws {
    try await Folder.run { folder in
      let gate = Gate("one")
      try await ScriptedAPI.run {
        gate.answer($0, $1)
      } _: { server in
        let file = try folder.write("token", "one")
        let client = try APIClient(access(server.url, .tokenFile(file)))
        try folder.remove("token")
        client.credentials.age()
        _ = try await client.call(.get, "/", until: soon())
        gate.admit("two")
        let failure = await failure { _ = try await client.call(.get, "/", until: soon()) }
        #expect(failure?.text.contains("cannot read `\(file)` (token): no such file") == true)
      }
    }
  }

  @Test func anOldTokenIsReadAgainWithoutBeingRefused() async throws {
    try await Folder.run { folder in
      try await ScriptedAPI.run {
        $1.answer(good)
      } _: { server in
        let file = try folder.write("token", "one")
        let client = try APIClient(access(server.url, .tokenFile(file)))
        try folder.write("token", "two")
        client.credentials.age()
        _ = try await client.call(.get, "/", until: soon())
        #expect(server.requests.map { $0.headers["Authorization"] } == [["Bearer two"]])
      }
    }
  }

  /// A kubeconfig as `announcer kubeconfig --lifetime` writes it, with the token in it.
  private func kubeconfig(_ server: String, _ token: String) -> String {
    """
    apiVersion: v1
    kind: Config
    clusters: [{name: lab, cluster: {server: "\(server)"}}]
    users: [{name: us, user: {token: "\(token)"}}]
    contexts: [{name: lab, context: {cluster: lab, user: us}}]
    current-context: lab

    """
  }

  @Test func aKubeconfigThatIsReplacedIsTakenOver() async throws {
    try await Folder.run { folder in
      let gate = Gate("one")
      try await ScriptedAPI.run {
        gate.answer($0, $1)
      } _: { server in
        let file = try folder.write("kubeconfig", kubeconfig(server.url, "one"))
        let client = try APIClient(ClusterAccess.kubeconfig(file: file))
        _ = try await client.call(.get, "/", until: soon())
        try folder.write("kubeconfig", kubeconfig(server.url, "two"))
        gate.admit("two")
        // Refused, read again, and good.
        _ = try await client.call(.get, "/", until: soon())
        #expect(server.requests.count == 3)
        // Where somebody asks for it, before it is refused.
        try folder.write("kubeconfig", kubeconfig(server.url, "three"))
        gate.admit("three")
        client.refresh()
        _ = try await client.call(.get, "/", until: soon())
        #expect(server.requests.count == 4)
        #expect(client.remark == nil)
      }
    }
  }

  @Test func aKubeconfigThatIsBadOrLeadsElsewhereIsSaidAndChangesNothing() async throws {
    try await Folder.run { folder in
      let gate = Gate("one")
      try await ScriptedAPI.run {
        gate.answer($0, $1)
      } _: { server in
        let file = try folder.write("kubeconfig", kubeconfig(server.url, "one"))
        let client = try APIClient(ClusterAccess.kubeconfig(file: file))
        for (text, words) in [
          (
            kubeconfig("https://10.80.0.77:6443", "one"),
            "leads elsewhere now (https://10.80.0.77:6443)"
          ),
          ("kind: [", "what it said before is in force: \(file):"), ("", "the file is empty"),
        ] {
          try folder.write("kubeconfig", text)
          client.refresh()
          _ = try await client.call(.get, "/", until: soon())
          #expect(client.remark?.contains(words) == true, "\(client.remark ?? "nothing")")
        }
        try folder.remove("kubeconfig")
        client.refresh()
        _ = try await client.call(.get, "/", until: soon())
        #expect(client.remark?.contains("no such file") == true)
        try folder.write("kubeconfig", kubeconfig(server.url, "one"))
        client.refresh()
        _ = try await client.call(.get, "/", until: soon())
        #expect(client.remark == nil)
        #expect(server.requests.allSatisfy { $0.headers["Authorization"] == ["Bearer one"] })
      }
    }
  }

  @Test func anEmptyTokenFileIsSaidAtTheStart() async throws {
    try await Folder.run { folder in
      let file = try folder.write("token", " \n")
      let fault = #expect(throws: AccessFault.self) {
        try APIClient(access("http://127.0.0.1:1", .tokenFile(file)))
      }
      #expect(fault?.description == "`\(file)` (token) is empty")
    }
  }

  // MARK: Exec plug-ins

  /// A plug-in that counts its runs and gives the token in a file.
  private func plugIn(
    _ folder: Folder, _ script: String, change: (inout ExecPlugIn) -> Void = { _ in }
  ) throws -> ClusterUser.Authorization {
    let command = try folder.write(
      "plug-in", "#!/bin/sh\necho run >> \(folder.path)/runs\n\(script)\n", mode: 0o700)
    try folder.write("runs", "")
    var plugIn = ExecPlugIn(command: command)
    change(&plugIn)
    return .exec(plugIn)
  }

  private func runs(_ folder: Folder) throws -> Int {
    try folder.read("runs").split(separator: "\n").count
  }

  private func credential(_ status: String, version: String = "v1") -> String {
    #"{"apiVersion":"client.authentication.k8s.io/\#(version)","kind":"ExecCredential","#
      + #""status":{\#(status)}}"#
  }

  @Test func aPlugInsTokenIsKeptUntilItIsRefused() async throws {
    try await Folder.run { folder in
      let gate = Gate("one")
      try await ScriptedAPI.run {
        gate.answer($0, $1)
      } _: { server in
        try folder.write("out", credential(#""token":"one""#))
        let plugIn = try plugIn(folder, "cat \(folder.path)/out")
        let client = try APIClient(access(server.url, plugIn))
        #expect(try runs(folder) == 0)
        // Many at once need one run.
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<8 {
            group.addTask { _ = try await client.call(.get, "/", until: soon()) }
          }
          try await group.waitForAll()
        }
        #expect(try runs(folder) == 1)
        try folder.write("out", credential(#""token":"two""#))
        gate.admit("two")
        _ = try await client.call(.post, "/", until: soon())
        _ = try await client.call(.post, "/", until: soon())
        #expect(try runs(folder) == 2)
      }
    }
  }

  @Test func aPlugInsTokenIsKeptUntilItEnds() async throws {
    try await Folder.run { folder in
      try await ScriptedAPI.run {
        $1.answer(good)
      } _: { server in
        let plugIn = try plugIn(folder, "cat \(folder.path)/out")
        let client = try APIClient(access(server.url, plugIn))
        for (end, expected) in [
          ("2019-01-01T00:00:00Z", 1), ("2019-01-01T02:00:00+02:00", 2),
          ("2019-01-01T00:00:00.5Z", 3), ("2099-01-01T00:00:00Z", 4), ("", 4),
        ] {
          try folder.write("out", credential(#""token":"t","expirationTimestamp":"\#(end)""#))
          _ = try await client.call(.get, "/", until: soon())
          #expect(try runs(folder) == expected)
        }
      }
    }
  }

  @Test func aPlugInIsToldTheCluster() async throws {
    try await Folder.run { folder in
      try await ScriptedAPI.run {
        $1.answer(good)
      } _: { server in
        try folder.write("out", credential(#""token":"t""#, version: "v1beta1"))
        let script =
          "printf '%s' \"$KUBERNETES_EXEC_INFO\" > \(folder.path)/told; "
          + "printf '%s' \"$1 $REGION\" > \(folder.path)/arguments; cat \(folder.path)/out"
        for knows in [false, true] {
          let plugIn = try plugIn(folder, script) {
            $0.arguments = ["a b"]
            $0.environment = ["REGION": "here"]
            $0.apiVersion = "client.authentication.k8s.io/v1beta1"
            $0.providesClusterInfo = knows
            $0.clusterSettings = Array(#"{"a":1}"#.utf8)
          }
          let client = try APIClient(
            access(server.url, plugIn) { $0.authority = .anybody })
          _ = try await client.call(.get, "/", until: soon())
          let cluster =
            knows
            ? #","cluster":{"server":"\#(server.url)","insecure-skip-tls-verify":true,"#
              + #""config":{"a":1}}"# : ""
          #expect(
            try folder.read("told")
              == #"{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","#
              + #""spec":{"interactive":false\#(cluster)}}"#)
          #expect(try folder.read("arguments") == "a b here")
        }
      }
    }
  }

  @Test func whatIsWrongWithAPlugInIsNamed() async throws {
    let cases: [(String, String)] = [
      ("echo 'no such account' >&2; echo more >&2; exit 3", "exit code 3: no such account"),
      ("kill -9 $$", "signal 9 ended it"),
      ("echo hello", "it wrote no ExecCredential in JSON"),
      (
        "echo '\(credential("", version: "v1alpha1"))'",
        "it answered in `client.authentication.k8s.io/v1al"
      ),
      ("echo '\(credential(""))'", "neither a token nor a certificate"),
      ("echo '\(credential(#""clientKeyData":"k""#))'", "go together"),
      ("echo '\(credential(#""token":"t","expirationTimestamp":"x""#))'", "`x` is no time"),
      ("head -c 2000000 /dev/zero", "it wrote more than 1024 KiB"),
    ]
    for (script, words) in cases {
      try await Folder.run { folder in
        let plugIn = try plugIn(folder, script)
        let client = try APIClient(access("http://127.0.0.1:1", plugIn))
        let failure = await failure { _ = try await client.call(.get, "/x", until: soon()) }
        #expect(failure?.kind == .misconfigured)
        #expect(failure?.text.contains(words) == true, "\(failure?.text ?? "")")
        #expect(failure?.text.contains("GET /x on http://127.0.0.1:1: the exec plug-in `") == true)
      }
    }
  }

  @Test func aPlugInThatIsNotThere() async throws {
    for command in ["/nowhere/plug-in", "announcer-no-such-plug-in"] {
      let plugIn = ExecPlugIn(command: command, installHint: "apt install it")
      let client = try APIClient(access("http://127.0.0.1:1", .exec(plugIn)))
      let failure = await failure { _ = try await client.call(.get, "/x", until: soon()) }
      #expect(failure?.text.contains("`\(command)`: it is not there: apt install it") == true)
    }
  }

  /// The children of a plug-in are ended with it.
  @Test func aPlugInThatHangsIsEnded() async throws {
    try await Folder.run { folder in
      let script = "sleep 1000 & echo $! > \(folder.path)/child; wait"
      guard case .exec(let plugIn) = try plugIn(folder, script) else { return }
      let access = try access("http://127.0.0.1:1")
      let start = Instant.now
      let fault = await #expect(throws: AccessFault.self) {
        try await plugIn.run(for: access, patience: .milliseconds(500))
      }
      #expect(fault?.description.contains("it did not end within 500 ms") == true)
      #expect(Instant.now - start < .seconds(8))
      let child = try folder.read("child").filter(\.isNumber)
      await eventually { (try? contentOfRegularFile("/proc/\(child)/stat", atMost: 4096)) == nil }
    }
  }

  @Test func aCallDoesNotWaitForAPlugInBeyondItsDeadline() async throws {
    try await Folder.run { folder in
      let plugIn = try plugIn(folder, "sleep 5")
      let client = try APIClient(access("http://127.0.0.1:1", plugIn))
      let start = Instant.now
      let failure = await failure {
        _ = try await client.call(.get, "/x", until: .now + .milliseconds(200))
      }
      #expect(failure != nil)
      #expect(Instant.now - start < .seconds(4))
    }
  }
}
