import Foundation
import KubernetesTestKit
import LANTestKit
import Testing

/// What the chart renders from files of values, letter by letter. ANNOUNCER_WRITE_DOCS=1 writes what it renders now.
@Suite(.needsHelm) struct GoldenTests {
  @Test(arguments: ["everything", "etcd"]) func rendersTheSame(_ name: String) async throws {
    let folder = Deployment.root.appending(path: "Tests/DeploymentTests/Golden")
    let result = try await Deployment.template(
      namespace: "lan",
      arguments: ["--values", folder.appending(path: "\(name).values.yaml").path])
    #expect(result.succeeded, "\(result.standardError)")
    let file = folder.appending(path: "\(name).yaml")
    // Rules and dashboard are long, and compared with their sources elsewhere.
    let text = result.standardOutput.split(separator: "---\n").filter {
      !$0.contains("kind: PrometheusRule") && !$0.contains("templates/dashboard.yaml")
    }.map { "---\n\($0)" }.joined()
    if ProcessInfo.processInfo.environment["ANNOUNCER_WRITE_DOCS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let there = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    #expect(there == text, "Golden/\(name).yaml differs; make docs writes it")
  }

  @Test func rulesAndDashboardAreThoseOfTheProject() async throws {
    let objects = try await Deployment.rendered([
      "prometheusRule.enabled=true", "dashboard.enabled=true",
    ])
    let rules = try Deployment.objects("deploy/monitoring/alerts.yaml")
    #expect(try objects.first("PrometheusRule")["spec"] == rules.first)
    let dashboard = try #require(objects.first { $0.name == "announcer-dashboard" })
    let text = try Deployment.text("deploy/monitoring/dashboard.json")
    #expect(
      try JSON(parsing: dashboard["data"]["announcer.json"].string ?? "") == JSON(parsing: text))
  }
}
