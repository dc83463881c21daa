import FoundationEssentials
import LANTestKit
import Testing

/// `announcer check` sees as the installed service sees, and tells what the user who asks may not look at.
@Suite(.needsLAN, .serialized, .timeLimit(.minutes(10)))
struct CheckServiceTests {
  /// A machine on which a unit is installed.
  private struct Machine {
    let host: Host
    let scratch: Scratch
    let unit: String

    /// Checks a configuration, as root or as `prefix` has it.
    func check(
      _ lines: String, as prefix: [String] = [], mode: String = "0644"
    ) async throws -> CommandResult {
      let file = scratch.path("c.yaml")
      try """
      node: node-a
      interfaces: ["^lan0$"]
      announcements: [{addresses: [10.80.8.150]}]
      \(lines)

      """.write(toFile: file, atomically: true, encoding: .utf8)
      _ = try await runCommand(["chmod", mode, file])
      let script = """
        mount -t tmpfs none /run && mkdir -p /run/systemd/system &&
        cp "$1" /run/systemd/system/announcer.service && shift && exec "$@"
        """
      return try await host.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", unit] + prefix
          + [Program.path, "check", "--config", file])
    }
  }

  private func withMachine(
    _ unit: String = "", _ body: (Machine) async throws -> Void
  ) async throws {
    try await withLAN(["a"]) { lan, scratch in
      _ = try await runCommand(["chmod", "0755", scratch.directory])
      let file = scratch.path("unit")
      try """
      [Service]
      ExecStart=/usr/local/bin/announcer run --config \(scratch.path("c.yaml"))
      DynamicUser=yes
      User=announcerd
      Group=daemon
      RuntimeDirectory=announcer
      \(unit)

      """.write(toFile: file, atomically: true, encoding: .utf8)
      try await body(Machine(host: lan["a"], scratch: scratch, unit: file))
    }
  }

  @Test func whatTheServiceCannotReadIsAProblem() async throws {
    try await withMachine { machine in
      #expect(try await machine.check("").status == .exited(0))
      let file = machine.scratch.path("c.yaml")
      let shut = try await machine.check("", mode: "0600")
      #expect(shut.status == .exited(1))
      let who = "the service (user announcerd, group daemon) cannot"
      let remedy = "chgrp daemon \(file) && chmod 640 \(file)"
      #expect(
        shut.standardOutput.contains("\nproblems\n  \(who) read \(file): \(remedy)\n"),
        "\(shut.standardOutput)")
      #expect(shut.standardOutput.hasPrefix("\(file): NOT right for node node-a, with 1 problem\n"))

      // The command heals.
      #expect(try await runCommand(["sh", "-c", remedy]).succeeded)
      let key = machine.scratch.path("key.pem")
      try "x".write(toFile: key, atomically: false, encoding: .utf8)
      _ = try await runCommand(["chmod", "0600", key])
      let certificate = machine.scratch.path("certificate.pem")
      try "x".write(toFile: certificate, atomically: false, encoding: .utf8)
      let etcd =
        "lease: {backend: etcd, etcd: {endpoints: [\"https://127.0.0.1:1\"], "
        + "certificate: \(certificate), key: \(key)}}"
      let closed = try await machine.check(etcd)
      #expect(
        closed.standardOutput.contains(
          "\nproblems\n  lease.etcd.key: \(who) read \(key): chgrp daemon \(key) && chmod 640 \(key)\n"
        ), "\(closed.standardOutput)")
      let heal = ["sh", "-c", "chgrp daemon \(key) && chmod 640 \(key)"]
      #expect(try await runCommand(heal).succeeded)
      #expect(try await machine.check(etcd).status == .exited(0))
    }
  }

  /// What lies elsewhere is not read by the service, and may name what is not in its place yet.
  @Test func aFileThatIsNotTheServicesIsNotJudgedForIt() async throws {
    try await withMachine("ExecStart=\nExecStart=/usr/bin/announcer run") { machine in
      let result = try await machine.check("", mode: "0600")
      #expect(result.status == .exited(0), "\(result)")
      #expect(
        result.standardOutput.contains(
          "\nnot checked\n  what the service may read and write: it reads "
            + "/etc/announcer/announcer.yaml, and not this file\n"), "\(result.standardOutput)")
    }
  }

  @Test func kubeconfigsAndManifestsAreFollowed() async throws {
    try await withMachine { machine in
      func write(_ name: String, _ text: String, _ mode: String) async throws -> String {
        let path = machine.scratch.path(name)
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        _ = try await runCommand(["chmod", mode, path])
        return path
      }
      _ = try await runCommand(["mkdir", machine.scratch.path("m")])
      let manifest = try await write(
        "m/web.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n", "0600")
      let token = try await write("token", "secret", "0600")
      let kubeconfig = try await write(
        "kubeconfig",
        """
        apiVersion: v1
        kind: Config
        current-context: a
        clusters: [{name: a, cluster: {server: "http://127.0.0.1:1"}}]
        users: [{name: a, user: {tokenFile: token}}]
        contexts: [{name: a, context: {cluster: a, user: a}}]
        """, "0644")
      let text = try await machine.check(
        "manifests: [\(machine.scratch.path("m"))]\nkubernetes: {kubeconfig: \(kubeconfig)}"
      ).standardOutput
      #expect(
        text.contains(
          "  manifests: the service (user announcerd, group daemon) cannot read \(manifest): "))
      #expect(
        text.contains(
          "  kubernetes.kubeconfig, tokenFile: the service (user announcerd, group daemon) cannot read \(token): "
        ), "\(text)")
    }
  }

  @Test func whereTheSocketGoesIsLookedAt() async throws {
    try await withMachine("ProtectSystem=strict") { machine in
      let strict = try await machine.check("control: {socket: /etc/c.sock}")
      #expect(strict.status == .exited(1))
      #expect(
        strict.standardOutput.contains(
          "control.socket: the service may not write to /etc (ProtectSystem=strict): "
            + "name a path below /run/announcer"), "\(strict.standardOutput)")
      let missing = try await machine.check("control: {socket: /nonexistent/a/c.sock}")
      #expect(
        missing.standardOutput.contains(
          "control.socket: the directory /nonexistent/a is not there: mkdir -p /nonexistent/a, or name "
            + "another path"), "\(missing.standardOutput)")
      let made = try await machine.check("control: {socket: /run/announcer/other.sock}")
      #expect(made.status == .exited(0), "\(made.standardOutput)")
      #expect(try await !runCommand(["test", "-e", "/nonexistent"]).succeeded)
    }
  }

  /// P16: without sudo a right file is right.
  @Test func whatTheUserLacksIsNoFaultOfTheFile() async throws {
    try await withMachine("ReadWritePaths=/") { machine in
      let nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
      let claims = machine.scratch.path("claims")
      _ = try await runCommand(["mkdir", "-m", "0700", claims])
      _ = try await runCommand(["chgrp", "daemon", claims])
      _ = try await runCommand(["chmod", "0770", claims])
      let result = try await machine.check(
        "lease: {local: {directory: \(claims)}}", as: nobody)
      #expect(result.status == .exited(0), "\(result)")
      let text = result.standardOutput
      #expect(text.contains(": right for node node-a\n"), "\(text)")
      #expect(
        text.contains(
          "\nnot checked\n  lease.local.directory: this user may not write to \(claims): run with sudo\n  "
            + "packet sockets: this user has no CAP_NET_RAW, which the service is given: run with sudo\n"
        ), "\(text)")
      // Nothing is made by looking.
      let none = machine.scratch.path("none")
      _ = try await machine.check("lease: {local: {directory: \(none)}}")
      #expect(!machine.scratch.exists("none"))
      let key = machine.scratch.path("key.pem")
      try "x".write(toFile: key, atomically: false, encoding: .utf8)
      _ = try await runCommand(["sh", "-c", "chgrp daemon \(key); chmod 0640 \(key)"])
      let certificate = machine.scratch.path("certificate.pem")
      try "x".write(toFile: certificate, atomically: false, encoding: .utf8)
      let etcd = try await machine.check(
        "lease: {backend: etcd, etcd: {endpoints: [\"https://127.0.0.1:1\"], "
          + "certificate: \(certificate), key: \(key)}}", as: nobody)
      #expect(etcd.status == .exited(0), "\(etcd)")
      #expect(
        etcd.standardOutput.contains(
          "lease.etcd.key: this user may not read \(key): run with sudo"))
    }
  }
}
