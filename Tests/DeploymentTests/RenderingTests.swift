import Foundation
import LANTestKit
import Testing

/// `scripts/manifests --check`, which `make check` runs, finds what was changed by hand.
@Suite(.needsHelm, .serialized) struct RenderingTests {
  /// A copy of what the script reads and compares.
  private func withCopy(_ body: (URL) async throws -> Void) async throws {
    let copy = FileManager.default.temporaryDirectory.appending(path: "announcer-deploy-\(UUID())")
    let files = FileManager.default
    try files.createDirectory(
      at: copy.appending(path: "scripts"), withIntermediateDirectories: true)
    defer { try? files.removeItem(at: copy) }
    for path in ["deploy", "scripts/manifests"] {
      try files.copyItem(
        at: Deployment.root.appending(path: path), to: copy.appending(path: path))
    }
    // The programs that this test knows of, however it learned of them.
    let helm = copy.appending(path: "scripts/helm")
    try "#!/bin/sh\necho '\(Deployment.programs ?? "")'\n".write(
      to: helm, atomically: true, encoding: .utf8)
    try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: helm.path)
    try await body(copy)
  }

  private func manifests(_ copy: URL, _ arguments: String...) async throws -> CommandResult {
    try await runCommand(
      [copy.appending(path: "scripts/manifests").path] + arguments, within: .seconds(120))
  }

  @Test func everythingIsUpToDate() async throws {
    try await withCopy { copy in
      let result = try await manifests(copy, "--check")
      #expect(result.succeeded, "\(result.standardOutput)\(result.standardError)")
      #expect(result.standardOutput.isEmpty && result.standardError.isEmpty)
    }
  }

  static let changes = [
    ("deploy/kubernetes/announcer.yaml", "hostNetwork: true", "hostNetwork: false"),
    ("deploy/kustomize/base/objects.yaml", "verbs: [list, watch]", "verbs: [list]"),
    ("deploy/kustomize/base/announcer.yaml", "6s", "7s"),
    ("deploy/kustomize/components/pools/rights.yaml", "verbs: [patch]", "verbs: [update]"),
    ("deploy/kustomize/components/prometheus/objects.yaml", "interval: 15s", "interval: 16s"),
    ("deploy/kustomize/crds/ciliumloadbalancerippools.yaml", "storage: true", "storage: false"),
    ("deploy/kpt/announcer.yaml", "# kpt-set: ${image}", ""),
    ("deploy/helm/announcer/files/alerts.yaml", "AnnouncerDown", "AnnouncerUp"),
  ]

  @Test(arguments: changes) func aChangeByHandIsFoundAndUndone(
    _ path: String, _ from: String, _ to: String
  ) async throws {
    try await withCopy { copy in
      let file = copy.appending(path: path)
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains(from))
      try text.replacing(from, with: to).write(to: file, atomically: true, encoding: .utf8)
      let found = try await manifests(copy, "--check")
      #expect(found.status == .exited(1))
      #expect(found.standardError.contains(path), "\(found.standardError)")
      #expect(try await manifests(copy).standardOutput == "written: \(path)\n")
      #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }
  }

  /// A line of the chart that a setter was meant for has changed its form.
  @Test func aSetterWithoutALineIsAnError() async throws {
    try await withCopy { copy in
      let file = copy.appending(path: "deploy/helm/announcer/templates/daemonset.yaml")
      let text = try String(contentsOf: file, encoding: .utf8)
      try text.replacing("toString | quote", with: "toString | squote").write(
        to: file, atomically: true, encoding: .utf8)
      let result = try await manifests(copy, "--check")
      #expect(result.status == .exited(1))
      #expect(result.standardError.contains("the setter api-port finds no line"), "\(result)")
    }
  }

  @Test func withoutHelmItSaysThatItComparedNothing() async throws {
    try await withCopy { copy in
      try "#!/bin/sh\necho 'no network' >&2\nexit 1\n".write(
        to: copy.appending(path: "scripts/helm"), atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: copy.appending(path: "scripts/helm").path)
      let check = try await manifests(copy, "--check")
      #expect(check.succeeded)
      #expect(check.standardError.contains("SKIPPED"))
      #expect(try await manifests(copy).status == .exited(1))
    }
  }
}
