import Foundation
import KubernetesTestKit
import LANTestKit
import Testing

/// Goes through a page as a reader does: writes its files, runs its commands, compares what they print.
struct Walkthrough {
  let page: Page
  let machines: [String: Machine]
  let surroundings: Surroundings
  private let configurationFile = "/etc/announcer/announcer.yaml"

  /// Does everything on a LAN of its own, with two nodes and a client.
  static func go(_ page: Page) async throws {
    let scratch = FileManager.default.temporaryDirectory.path + "/announcer-docs-\(UUID())"
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    try await LAN.with(hosts: ["node-a", "node-b", "client", "store"]) { lan in
      for (name, addresses) in [
        ("node-a", ["10.80.0.1/16", "2001:db8::1/64"]),
        ("node-b", ["10.80.0.2/16", "2001:db8::2/64"]),
        ("client", ["10.80.0.99/16", "2001:db8::99/64"]),
      ] {
        for address in addresses { try await lan[name].addAddress(address) }
      }
      var machines: [String: Machine] = [:]
      for name in ["node-a", "node-b", "client"] { machines[name] = try await Machine(lan[name]) }
      let surroundings = try await Surroundings(
        for: page, on: lan, machines: ["node-a", "node-b", "client"].compactMap { machines[$0] },
        scratch: scratch)
      try await Walkthrough(page: page, machines: machines, surroundings: surroundings).run()
    }
  }

  private func run() async throws {
    for block in page.blocks {
      switch (block.language, block.purpose.first) {
      case ("yaml", "announcer"): try await configure(block)
      case ("yaml", "kubernetes"):
        for machine in machines.values {
          try await machine.write(
            block.text, to: "/root/\(block.purpose.dropFirst().first ?? "objects.yaml")")
        }
      case ("console", _):
        for name in block.hosts {
          let machine = try #require(machines[name], "\(page.path):\(block.line): no host \(name)")
          for step in ConsoleStep.steps(of: block) { try await run(step, on: machine) }
        }
      default: break
      }
    }
  }

  /// On both nodes.
  private func configure(_ block: Page.Block) async throws {
    for name in ["node-a", "node-b"] {
      guard let machine = machines[name] else { continue }
      var file = YAMLParts(block.text)
      if block.purpose.contains("more") {
        file = YAMLParts(try await machine.read(configurationFile)).merging(file)
      }
      try await machine.write(file.text, to: configurationFile)
    }
  }

  private func run(_ step: ConsoleStep, on machine: Machine) async throws {
    let start = ContinuousClock.now
    while true {
      let result = try await answer(to: step.command, on: machine)
      let isRight =
        result.status == .exited(step.code)
        && (step.output.isEmpty
          || OutputMatch.matches(step.output, result.standardOutput + result.standardError))
      if isRight { return show(step, result) }
      if step.onlyAsks, ContinuousClock.now - start < .seconds(20) {
        try await Task.sleep(for: .milliseconds(100))
        continue
      }
      show(step, result)
      Issue.record(
        """
        \(page.path):\(step.line): \(step.command)
        ended with \(result.status), the page says \(step.code), and printed
        \(result.standardOutput)\(result.standardError)
        the daemon's log: \(await machine.log)
        """)
      return
    }
  }

  /// With ANNOUNCER_SHOW=1 everything that is run and printed, to be put on the page.
  private func show(_ step: ConsoleStep, _ result: CommandResult) {
    guard ProcessInfo.processInfo.environment["ANNOUNCER_SHOW"] != nil else { return }
    print("\(page.path)> $ \(step.command)\n\(result.standardOutput)\(result.standardError)")
  }

  private func answer(to command: String, on machine: Machine) async throws -> CommandResult {
    guard let server = surroundings.server else { return try await machine.run(command) }
    let line = command.prefix { $0 != "#" }.split(separator: " ").map(String.init)
    if line.prefix(3) == ["kubectl", "apply", "-f"], line.count == 4 {
      // Of kinds that the tests' server does not have (accounts, rights) only the form is looked at.
      for object in try Objects.read(try await machine.must("cat \(line[3])")) {
        _ = try? server.put(
          surroundings.givesAddresses ? Objects.withAddress(object) : object)
      }
      return try await machine.run("true")
    }
    // Kinds that the tests' server does not have: daemon sets, deployments and pods.
    if command.firstMatch(
      of:
        /^kubectl -n [a-z-]+ (rollout (restart|status) (daemonset|deployment)\/[a-z-]+|get pods -l [a-z.\/=]+)$/
    )
      != nil
    {
      return try await machine.run("true")
    }
    if line.prefix(2) == ["announcer", "kubeconfig"] {
      // What it does needs accounts and tokens, which the tests' server does not have.
      guard let at = line.firstIndex(of: "--output"), at + 1 < line.count else {
        return try await machine.run("false")
      }
      try await machine.write(surroundings.kubeconfig, to: "/root/\(line[at + 1])")
      return try await machine.run("true")
    }
    return try await machine.run(command)
  }
}
