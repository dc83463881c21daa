import Daemon
import FoundationEssentials
import LANTestKit
import Metrics
import Testing

/// The alert rules and the dashboard ask for metrics that the daemon has.
struct MonitoringTests {
  private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "deploy/monitoring")

  private static func text(_ file: String) throws -> String {
    try String(contentsOf: directory.appending(path: file), encoding: .utf8)
  }

  private static func promtool(_ arguments: String...) async throws -> CommandResult {
    try await runCommand(["promtool"] + arguments)
  }

  /// The expressions of the dashboard's panels, with Grafana's variables filled in.
  private static func expressions() throws -> [String] {
    struct Dashboard: Decodable {
      struct Panel: Decodable {
        struct Target: Decodable { let expr: String }
        let targets: [Target]?
      }
      let panels: [Panel]
    }
    let dashboard = try JSONDecoder().decode(
      Dashboard.self, from: Data(contentsOf: directory.appending(path: "dashboard.json")))
    return dashboard.panels.flatMap { $0.targets ?? [] }.map { target in
      target.expr.replacing("$__rate_interval", with: "5m").replacing("$__range", with: "1h")
        .replacing("$instance", with: ".+")
    }
  }

  @Test func everyMetricHasItsNameOnce() {
    let names = AnnouncerMetrics.all.map(\.name)
    #expect(Set(names).count == names.count)
    for family in AnnouncerMetrics.all {
      #expect(!family.help.hasSuffix("."), "\(family.name)")
      #expect(family.name.wholeMatch(of: /(announcer|process)_[a-z_]+/) != nil, "\(family.name)")
    }
  }

  @Test(arguments: ["alerts.yaml", "alerts_test.yaml", "dashboard.json"])
  func everyMetricThatIsAskedForExists(file: String) throws {
    var known: Set<String> = []
    for family in AnnouncerMetrics.all {
      known.insert(family.name)
      guard family.kind == .histogram else { continue }
      known.formUnion(["_bucket", "_sum", "_count"].map { family.name + $0 })
    }
    let asked = try Self.text(file).matches(of: /(?:announcer|process)_[a-z_]+/)
      .map { String($0.0) }
    #expect(asked.count > 10)
    for name in Set(asked) where name != "announcer_" { #expect(known.contains(name), "\(name)") }
  }

  @Test func theAlertRulesHold() async throws {
    let directory = Self.directory.path
    let check = try await Self.promtool("check", "rules", "\(directory)/alerts.yaml")
    #expect(check.succeeded, "\(check.standardOutput)\(check.standardError)")
    let tests = try await Self.promtool("test", "rules", "\(directory)/alerts_test.yaml")
    #expect(tests.succeeded, "\(tests.standardOutput)\(tests.standardError)")
  }

  @Test func theDashboardsExpressionsAreWellFormed() async throws {
    let expressions = try Self.expressions()
    #expect(expressions.count > 20)
    let rules = expressions.enumerated().map { index, expression in
      "  - record: dashboard:\(index)\n    expr: >-\n      \(expression)\n"
    }
    let file = FileManager.default.temporaryDirectory
      .appending(path: "announcer-dashboard-\(ProcessInfo.processInfo.processIdentifier).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try ("groups:\n- name: dashboard\n  rules:\n" + rules.joined())
      .write(to: file, atomically: true, encoding: .utf8)
    let check = try await Self.promtool("check", "rules", file.path)
    #expect(check.succeeded, "\(check.standardOutput)\(check.standardError)")
  }
}
