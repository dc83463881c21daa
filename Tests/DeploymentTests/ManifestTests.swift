import Configuration
import Foundation
import KubernetesTestKit
import Testing

/// The files that people apply agree with each other, with the daemon, and with the version of the program.
@Suite struct ManifestTests {
  /// A right as a whole: `patch services/status`.
  private struct Right: Hashable {
    let kind: String
    let group: JSON
    let resource: JSON
    let verb: JSON
  }

  private func rights(_ path: String) throws -> Set<Right> {
    var rights: Set<Right> = []
    for role in try Deployment.objects(path) {
      for rule in role["rules"].array {
        for (group, resource) in rule["apiGroups"].array.flatMap({ group in
          rule["resources"].array.map { (group, $0) }
        }) {
          for verb in rule["verbs"].array {
            rights.insert(Right(kind: role.kind, group: group, resource: resource, verb: verb))
          }
        }
      }
    }
    return rights
  }

  /// On nodes and in pods the daemon is let do the same.
  @Test func rightsAreTheSameEverywhere() throws {
    let wanted = try rights("deploy/kubernetes/rbac.yaml")
    #expect(wanted.count == 23)
    #expect(try rights("deploy/kubernetes/announcer.yaml") == wanted)
    #expect(try rights("deploy/kpt/announcer.yaml") == wanted)
    let base = try rights("deploy/kustomize/base/objects.yaml")
    let pools = try rights("deploy/kustomize/components/pools/rights.yaml")
    #expect(base.isDisjoint(with: pools))
    #expect(base.union(pools) == wanted)
  }

  /// Each text that a pod gets as its file, with the file it stands in.
  private static let configurations: [String] = [
    "deploy/kubernetes/announcer.yaml", "deploy/kpt/announcer.yaml",
    "deploy/kustomize/base/announcer.yaml", "deploy/kustomize/example/announcer.yaml",
  ]

  @Test(arguments: configurations) func theDaemonReadsTheConfiguration(_ path: String) throws {
    let objects = try Deployment.objects(path)
    let map = objects.first { $0.kind == "ConfigMap" }
    let text = try map?["data"]["announcer.yaml"].string ?? Deployment.text(path)
    do throws(ConfigurationFailure) {
      let configuration = try Configuration.parse(text, file: path, hostName: "node-a")
      #expect(configuration.node == "node-a")
      #expect(configuration.kubernetes != nil)
    } catch {
      Issue.record("\(error.description)\n\(text)")
    }
  }

  @Test func theVersionIsTheProgrammes() throws {
    let source = try Deployment.text("Sources/AnnouncerCommand/AnnouncerCommand.swift")
    let version = try #require(source.firstMatch(of: /announcerVersion = "([^"]+)"/)).1
    let chart = try #require(try Deployment.objects("deploy/helm/announcer/Chart.yaml").first)
    #expect(chart["version"].string == String(version))
    #expect(chart["appVersion"].string == String(version))
    let image = "localhost/announcer:\(version)"
    for path in [
      "deploy/kubernetes/announcer.yaml", "deploy/kpt/announcer.yaml",
      "deploy/kustomize/base/objects.yaml",
    ] {
      let set = try Deployment.objects(path).first("DaemonSet")
      #expect(set.container["image"].string == image, "\(path)")
    }
    let setters = try #require(try Deployment.objects("deploy/kpt/setters.yaml").first)
    #expect(setters["data"]["image"].string == image)
  }

  /// `deploy/crds` is the one place where the kinds are written.
  @Test func kindsAreCopies() throws {
    for name in ["ciliuml2announcementpolicies", "ciliumloadbalancerippools"] {
      #expect(
        try Deployment.text("deploy/kustomize/crds/\(name).yaml")
          == Deployment.text("deploy/crds/\(name).yaml"))
    }
  }
}
