import Foundation
import KubernetesTestKit
import Testing

/// Each setter of the kpt package is used, and applying the same values again changes nothing.
@Suite struct SetterTests {
  private let other = [
    "image": "registry.example/announcer:9", "lb-pool-cidr": "192.0.2.0/28",
    "l2-interface-1": "^eth1$", "l2-interface-2": "^br-.*", "api-host": "localhost",
    "api-port": "7445",
  ]

  @Test func everySetterIsUsedAndThere() throws {
    let names = try Set(Setters.values().keys)
    #expect(names == Set(other.keys), "the values of this test are as complete as the setters")
    let used = try Set(Setters().fields.flatMap(\.setters))
    #expect(used == names)
    // No comment is overlooked by the form that this test knows.
    let package = try Setters()
    let marks = package.files.values.map { $0.components(separatedBy: "kpt-set:").count - 1 }
    #expect(marks.reduce(0, +) == package.fields.count)
  }

  @Test func whatIsThereIsWhatTheSettersSay() throws {
    let package = try Setters()
    #expect(package.applied(try Setters.values()).files == package.files)
  }

  @Test func otherValuesArriveAndStay() throws {
    let package = try Setters()
    let once = package.applied(other)
    #expect(once.applied(other).files == once.files)
    #expect(once.applied(try Setters.values()).files == package.files)
    let objects = try once.files.values.flatMap { try JSON.documents(yaml: $0) }
    let set = try objects.first("DaemonSet")
    #expect(set.container["image"] == "registry.example/announcer:9")
    #expect(set.environment("KUBERNETES_SERVICE_HOST") == "localhost")
    #expect(set.environment("KUBERNETES_SERVICE_PORT") == "7445", "text, not a number")
    #expect(
      try objects.first("CiliumL2AnnouncementPolicy")["spec"]["interfaces"]
        == ["^eth1$", "^br-.*"])
    #expect(
      try objects.first("CiliumLoadBalancerIPPool")["spec"]["blocks"]
        == [["cidr": "192.0.2.0/28"]])
    // And nothing else has changed.
    let changed = zip(package.files.values, once.files.values).reduce(0) { count, texts in
      count
        + zip(texts.0.split(separator: "\n"), texts.1.split(separator: "\n"))
        .count { $0 != $1 }
    }
    #expect(changed == package.fields.count)
  }

  /// kpt applies neither the setters nor the Kptfile itself.
  @Test func localFilesAreMarked() throws {
    for path in ["deploy/kpt/Kptfile", "deploy/kpt/setters.yaml"] {
      let file = try #require(try Deployment.objects(path).first)
      #expect(
        file["metadata"]["annotations"]["config.kubernetes.io/local-config"] == "true", "\(path)")
    }
    let package = try #require(try Deployment.objects("deploy/kpt/Kptfile").first)
    #expect(package["pipeline"]["mutators"].array.first?["configPath"] == "setters.yaml")
  }
}
