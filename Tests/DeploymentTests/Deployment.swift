import Foundation
import KubernetesTestKit
import LANTestKit
import Testing

/// What is in `deploy`, and the programs that render it.
enum Deployment {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let chart = root.appending(path: "deploy/helm/announcer").path

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The objects in a file, as kubectl would send them.
  static func objects(_ path: String) throws -> [JSON] { try JSON.documents(yaml: text(path)) }

  // MARK: Helm and kubectl

  /// Where `scripts/helm` has put both, or `ANNOUNCER_HELM` says they are; nil if they are not there.
  static let programs: String? = {
    let environment = ProcessInfo.processInfo.environment
    if let directory = environment["ANNOUNCER_HELM"], !directory.isEmpty { return directory }
    guard let script = try? text("scripts/helm") else { return nil }
    func pinned(_ name: String) -> String {
      script.split(separator: "\n").first { $0.hasPrefix("\(name)=") }
        .map { String($0.dropFirst(name.count + 1)) } ?? ""
    }
    let cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "")/.cache"
    let directory = "\(cache)/announcer/helm-\(pinned("helm"))-kubectl-\(pinned("kubectl"))"
    return FileManager.default.isExecutableFile(atPath: "\(directory)/helm") ? directory : nil
  }()

  static func helm(_ arguments: [String]) async throws -> CommandResult {
    try await runCommand(["\(programs ?? "")/helm"] + arguments, within: .seconds(120))
  }

  /// The chart's objects.
  ///
  /// - Parameter values: as behind `--set`.
  static func rendered(
    _ values: [String] = [], namespace: String = "kube-system", arguments: [String] = []
  ) async throws -> [JSON] {
    let result = try await template(values, namespace: namespace, arguments: arguments)
    guard result.succeeded else { throw TestClusterError(result.standardError) }
    return try JSON.documents(yaml: result.standardOutput).filter { $0 != .null }
  }

  static func template(
    _ values: [String] = [], namespace: String = "kube-system", arguments: [String] = []
  ) async throws -> CommandResult {
    try await helm(
      ["template", "announcer", chart, "--namespace", namespace]
        + values.flatMap { ["--set", $0] } + arguments)
  }

  /// The objects of a kustomization: a directory below `deploy/kustomize`, or its path.
  static func kustomized(_ path: String) async throws -> [JSON] {
    let directory =
      path.hasPrefix("/") ? path : root.appending(path: "deploy/kustomize/\(path)").path
    let result = try await runCommand(
      ["\(programs ?? "")/kubectl", "kustomize", directory], within: .seconds(120))
    guard result.succeeded else { throw TestClusterError(result.standardError) }
    return try JSON.documents(yaml: result.standardOutput)
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs the test only where Helm and kubectl are; says visibly why it was skipped.
  static var needsHelm: Self {
    .enabled(
      if: Deployment.programs != nil,
      "skipped: no Helm: scripts/helm --directory fetches it, ANNOUNCER_HELM says where it is")
  }
}

extension JSON {
  var kind: String { self["kind"].string ?? "" }
  var name: String { self["metadata"]["name"].string ?? "" }

  /// The container of a DaemonSet.
  var container: JSON { self["spec"]["template"]["spec"]["containers"].array.first ?? .null }

  func environment(_ name: String) -> String? {
    container["env"].array.first { $0["name"].string == name }?["value"].string
  }
}

extension [JSON] {
  func first(_ kind: String) throws -> JSON {
    try #require(first { $0.kind == kind }, "no \(kind)")
  }
}
