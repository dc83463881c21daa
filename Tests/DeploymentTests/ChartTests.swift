import KubernetesTestKit
import LANTestKit
import Testing

/// The chart renders what it says, and refuses what cannot work.
@Suite(.needsHelm) struct ChartTests {
  @Test func isRight() async throws {
    let result = try await Deployment.helm(["lint", "--strict", Deployment.chart])
    #expect(result.succeeded, "\(result.standardOutput)\(result.standardError)")
  }

  /// Each with what the message has to name.
  static let refused: [([String], String)] = [
    (["imag.tag=1"], "imag"), (["image.tga=1"], "tga"), (["image.digest=abc"], "/image/digest"),
    (["image.pullPolicy=Sometimes"], "/image/pullPolicy"),
    (["config.lease.duraton=5s"], "duraton"), (["config.lease.duration=5"], "/config/lease"),
    (["config.lease.backend=zookeeper"], "/config/lease/backend"),
    (["config.interfaces=lan0"], "/config/interfaces"),
    (["config.control.socket=run/a"], "/config/control/socket"),
    (["config.announcements[0].name=a"], "/config/announcements/0"),
    (["config.lease.backend=local"], "config.lease.backend: local knows one machine only"),
    (["config.lease.backend=null"], "config.lease.backend"),
    (["config.node=node-a"], "config.node: not possible"),
    (["config.kubernetes=null"], "config.kubernetes: needed"),
    (["config.metrics.listen=localhost"], "config.metrics.listen: \"localhost\" has no port"),
    (["config.metrics.listen=0.0.0.0:97170"], "config.metrics.listen"),
    (["k8sServiceHost=10.80.0.5"], "k8sServiceHost, k8sServicePort: write both or neither"),
    (["k8sServicePort=6443"], "k8sServiceHost, k8sServicePort: write both or neither"),
    (["k8sServiceHost=10.80.0.5", "k8sServicePort=many"], "/k8sServicePort"),
    (["podMonitor.enabled=true"], "podMonitor.enabled: needs a config.metrics.listen"),
    (["serviceAccount.create=false"], "serviceAccount.name: needed"),
    (["updateStrategy.rollingUpdate.maxSurge=1"], "/updateStrategy/rollingUpdate/maxSurge"),
    (["pools[0].name=lan"], "/pools/0"), (["resources.limit.cpu=1"], "limit"),
    (["livenessProbe.period=1"], "period"), (["podMonitor.enable=true"], "enable"),
  ]

  @Test(arguments: refused) func refusesBadValues(_ values: [String], _ words: String)
    async throws
  {
    let result = try await Deployment.template(values)
    #expect(!result.succeeded)
    #expect(result.standardError.contains(words), "\(result.standardError)")
  }

  @Test func theDaemonSetIsAsItHasToBe() async throws {
    let objects = try await Deployment.rendered()
    let spec = try objects.first("DaemonSet")["spec"]
    #expect(
      spec["updateStrategy"] == ["type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 1]])
    #expect(spec["minReadySeconds"] == 5)
    let pod = spec["template"]["spec"]
    #expect(pod["hostNetwork"] == true)
    #expect(pod["dnsPolicy"] == "Default")
    #expect(pod["enableServiceLinks"] == false)
    #expect(pod["priorityClassName"] == "system-node-critical")
    #expect(pod["terminationGracePeriodSeconds"] == 10)
    #expect(pod["nodeSelector"] == ["kubernetes.io/os": "linux"])
    #expect(pod["tolerations"] == [["operator": "Exists"]])
    #expect(pod["containers"].array.count == 1)
    let container = try objects.first("DaemonSet").container
    #expect(container["args"] == ["run"])
    #expect(container["command"] == .null)
    #expect(container["env"] == .null)
    #expect(
      container["securityContext"] == [
        "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532,
        "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
        "capabilities": ["drop": ["ALL"], "add": ["NET_RAW"]],
        "seccompProfile": ["type": "RuntimeDefault"],
      ])
    #expect(container["resources"]["limits"]["cpu"] == .null, "a throttled daemon renews too late")
    for (probe, path) in [
      ("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz"),
    ] {
      #expect(
        container[probe]["httpGet"] == [
          "host": "127.0.0.1", "port": 9717, "path": .string(path),
        ], "\(probe)")
    }
    #expect(
      container["volumeMounts"] == [
        ["name": "config", "mountPath": "/etc/announcer", "readOnly": true],
        ["name": "run", "mountPath": "/run/announcer"],
      ], "a directory, because a single file of a ConfigMap never changes")
    #expect(!pod.text.contains("hostPath"))
  }

  /// The kinds may be Cilium's: a chart that has them would take them away, or fail to install.
  @Test func bringsNoKinds() async throws {
    let objects = try await Deployment.rendered(
      ["config.kubernetes.addressPools=on"], arguments: ["--include-crds"])
    #expect(objects.allSatisfy { $0.kind != "CustomResourceDefinition" })
  }

  @Test func probesAskWhereTheDaemonListens() async throws {
    for (listen, host, port) in [
      ("0.0.0.0:9000", "127.0.0.1", 9000), ("[::]:9717", "::1", 9717), ("[::1]:80", "::1", 80),
      ("10.80.0.1:9717", "10.80.0.1", 9717),
    ] {
      let container = try await Deployment.rendered([
        #"config.metrics.listen=\#(listen.replacing(",", with: #"\,"#))"#
      ]).first("DaemonSet").container
      let asked = container["livenessProbe"]["httpGet"]
      #expect(asked["host"].string == host && asked["port"].int == Int64(port), "\(listen)")
      #expect(container["ports"].array.first?["containerPort"].int == Int64(port), "\(listen)")
    }
    let without = try await Deployment.rendered(["config.metrics=null"]).first("DaemonSet")
      .container
    for field in ["ports", "startupProbe", "livenessProbe", "readinessProbe"] {
      #expect(without[field] == .null, "\(field)")
    }
  }

  @Test func oneValueRunsItAsRoot() async throws {
    let context = try await Deployment.rendered(["runAsRoot=true"])
      .first("DaemonSet").container["securityContext"]
    #expect(context["runAsUser"] == 0 && context["runAsGroup"] == 0)
    #expect(context["runAsNonRoot"] == false)
    #expect(context["capabilities"] == ["drop": ["ALL"], "add": ["NET_RAW"]])
  }

  @Test func theAPIServersAddress() async throws {
    let set = try await Deployment.rendered(["k8sServiceHost=localhost", "k8sServicePort=7445"])
      .first("DaemonSet")
    #expect(set.environment("KUBERNETES_SERVICE_HOST") == "localhost")
    #expect(set.environment("KUBERNETES_SERVICE_PORT") == "7445")
  }

  @Test func aChangeOfTheConfigurationReplacesThePods() async throws {
    func annotations(_ values: [String]) async throws -> JSON {
      try await Deployment.rendered(values)
        .first("DaemonSet")["spec"]["template"]["metadata"]["annotations"]
    }
    let first = try await annotations([])
    #expect(first["checksum/config"].string?.count == 64)
    #expect(try await annotations(["config.log.level=debug"]) != first)
    #expect(try await annotations(["image.tag=v2"]) == first)
    #expect(try await annotations(["restartOnConfigChange=false"]) == .null)
  }

  /// Rights follow from the configuration: no more than it needs.
  @Test func rights() async throws {
    func names(_ values: [String], _ kind: String) async throws -> [String] {
      try await Deployment.rendered(values).filter { $0.kind == kind }.map(\.name).sorted()
    }
    #expect(try await names([], "ClusterRole") == ["announcer"])
    let pools = ["config.kubernetes.addressPools=on"]
    #expect(try await names(pools, "ClusterRole") == ["announcer", "announcer-address-pools"])
    #expect(
      try await names(["config.kubernetes.addressPools=true"], "ClusterRole").count == 2,
      "YAML makes true of the word on")
    #expect(try await names(["config.kubernetes.services=false"], "ClusterRole") == [])
    #expect(try await names(["config.lease.backend=etcd"], "Role") == [])
    for kind in ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"] {
      #expect(try await names(pools + ["rbac.create=false"], kind) == [], "\(kind)")
    }
  }

  @Test func leasesAreInTheNamespaceOfTheRelease() async throws {
    let objects = try await Deployment.rendered(namespace: "lan")
    #expect(try objects.first("Role")["metadata"]["namespace"] == "lan")
    #expect(try configuration(objects)["lease"]["kubernetes"]["namespace"] == "lan")
    let other = try await Deployment.rendered(["config.lease.kubernetes.namespace=leases"])
    #expect(try other.first("Role")["metadata"]["namespace"] == "leases")
    #expect(try other.first("RoleBinding")["subjects"].array.first?["namespace"] == "kube-system")
    #expect(try configuration(other)["lease"]["kubernetes"]["namespace"] == "leases")
  }

  private func configuration(_ objects: [JSON]) throws -> JSON {
    let text = try objects.first("ConfigMap")["data"]["announcer.yaml"].string ?? ""
    return try JSON.documents(yaml: text).first ?? .null
  }

  @Test func poolsAreOfTheNewestVersionThatTheClusterHas() async throws {
    let pool = ["pools[0].name=lan", "pools[0].spec.blocks[0].cidr=10.80.8.0/28"]
    for (versions, wanted) in [
      ([], "v2"), (["v2alpha1"], "v2alpha1"), (["v2", "v2alpha1"], "v2"), (["v2"], "v2"),
    ] {
      let objects = try await Deployment.rendered(
        pool,
        arguments: versions.flatMap {
          ["--api-versions", "cilium.io/\($0)/CiliumLoadBalancerIPPool"]
        })
      #expect(
        try objects.first("CiliumLoadBalancerIPPool")["apiVersion"].string == "cilium.io/\(wanted)",
        "\(versions)")
    }
  }
}
