// swift-tools-version: 6.3
import PackageDescription

/// The rules every target lives under: memory safety is spelled out, and a warning is an error.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A target of this package; see `HANDBOOK.md` for what may depend on what.
func target(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
// It stands on a library whose module is called as one of ours.
let asyncHTTPClient = Target.Dependency.product(
  name: "AsyncHTTPClient", package: "async-http-client",
  moduleAliases: ["Configuration": "SwiftConfiguration"])
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
// Its paths and error numbers are subprocess's.
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
  name: "announcer",
  products: [
    .executable(name: "announcer", targets: ["AnnouncerCommand"]),
    .executable(name: "announcer-simulate", targets: ["SimulateCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    // Without its trait, which brings all of Foundation.
    .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2", traits: []),
  ],
  targets: [
    // System libraries and kernel headers.
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(name: "CLibYAML", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CMnl", pkgConfig: "libmnl", providers: [.apt(["libmnl-dev"])]),

    // Pure: values in, values out.
    target("Time", []),
    target("Wire", []),
    target("Announcer", ["Time", "Wire"]),
    target("Lease", ["Metrics", "Time", "Wire"]),
    target("Reconciler", ["Announcer", "Lease", "Time", "Wire"]),
    target("Metrics", []),
    target("FrameText", ["Wire"]),
    target("Cluster", ["Announcer", "Time", "Wire"]),
    target("KubernetesObjects", ["Cluster"]),
    target("AddressPools", ["Cluster", "Time", "Wire"]),

    // Shells: each owns one resource of the system.
    target("LinuxSystem", ["CLinux", "Time"]),
    target(
      "RawSocket", ["Announcer", "CLinux", "CPcap", "FrameText", "LinuxSystem", "Time", "Wire"]),
    target("Netlink", ["Announcer", "Wire", "LinuxSystem", "CMnl", "CLinux"]),
    target("HostAudit", ["Announcer", "Wire", "LinuxSystem", "CLinux"]),
    target("LeaseLocal", ["Lease", "Time", "Wire", "LinuxSystem", "CLinux"]),
    target("YAMLDocuments", ["CLibYAML"]),
    target("Configuration", ["Announcer", "LinuxSystem", "Wire", "YAMLDocuments"]),
    target(
      "Manifests", ["CLinux", "Cluster", "KubernetesObjects", "LinuxSystem", "YAMLDocuments"]),
    target(
      "HTTPTransport",
      ["LinuxSystem", "Time", asyncHTTPClient, nioCore, nioHTTP1, nioPosix, nioSSL]),
    target(
      "LeaseEtcd",
      [
        "CLinux", "HTTPTransport", "Lease", "LinuxSystem", "Time", "Wire", asyncHTTPClient,
        nioCore, nioHTTP1, nioSSL,
      ]),
    target(
      "Kubernetes",
      [
        "Cluster", "HTTPTransport", "KubernetesObjects", "LinuxSystem", "Time", "YAMLDocuments",
        asyncHTTPClient, nioCore, nioHTTP1, nioSSL, subprocess, systemPackage,
      ]),
    target(
      "KubernetesReports", ["Cluster", "Kubernetes", "KubernetesObjects", "LinuxSystem", "Time"]),
    target(
      "LeaseKubernetes",
      ["CLinux", "HTTPTransport", "Kubernetes", "Lease", "LinuxSystem", "Time", "Wire"]),
    target(
      "BugReport",
      [
        "CLinux", "HTTPTransport", "LinuxSystem", "Time", "YAMLDocuments", asyncHTTPClient,
        nioCore, nioHTTP1, subprocess, systemPackage,
      ]),
    target("MetricsServer", [nioCore, nioHTTP1, nioPosix]),
    target("Control", ["CLinux", "LinuxSystem", "Time", logging]),

    // The composition root.
    target(
      "Daemon",
      [
        "AddressPools", "Announcer", "Cluster", "Configuration", "Control", "HostAudit",
        "Kubernetes", "KubernetesObjects", "KubernetesReports", "Lease", "LeaseEtcd",
        "LeaseKubernetes", "LeaseLocal", "LinuxSystem", "Manifests", "Metrics", "MetricsServer",
        "Netlink", "RawSocket", "Reconciler", "Time", "Wire", logging, serviceLifecycle,
        unixSignals,
      ]),
    .executableTarget(
      name: "AnnouncerCommand",
      dependencies: [
        "Announcer", "BugReport", "CLinux", "Configuration", "Control", "Daemon", "FrameText",
        "Kubernetes",
        "Lease", "LinuxSystem", "Netlink", "RawSocket", "Time", "Wire", argumentParser, unixSignals,
      ], swiftSettings: strict),

    // What tests stand on: a LAN of network namespaces.
    target("LANTestKit", ["CLinux", "LinuxSystem", "Wire"]),
    target("LeaseTestKit", ["Lease", "Time", "Wire"]),
    target("FaultCheckers", ["Time", "Wire"]),
    .executableTarget(
      name: "FaultHarness",
      dependencies: [
        "CLinux", "FaultCheckers", "LANTestKit", "LinuxSystem", "Time", "Wire",
        argumentParser,
      ], swiftSettings: strict),
    target(
      "EtcdTestKit",
      ["CLinux", "LANTestKit", "LinuxSystem", asyncHTTPClient, nioCore, nioHTTP1]),
    target(
      "KubernetesTestKit",
      [
        "CLinux", "EtcdTestKit", "LANTestKit", "LinuxSystem", "YAMLDocuments", asyncHTTPClient,
        nioCore, nioHTTP1, nioPosix, nioSSL,
      ]),
    target("SeededRandom", []),
    target(
      "LeaseSimulator", ["Announcer", "Lease", "Reconciler", "SeededRandom", "Time", "Wire"]),
    .executableTarget(
      name: "SimulateCommand", dependencies: ["LeaseSimulator"], swiftSettings: strict),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .target(name: "CThreadStop", path: "Tests/CThreadStop"),
    .executableTarget(
      name: "LeaseLocalTestHolder",
      dependencies: ["LeaseLocal", "Lease", "LinuxSystem", "Time", "Wire"],
      path: "Tests/LeaseLocalTestHolder", swiftSettings: strict),

    .executableTarget(
      name: "BootClockReader", dependencies: ["LinuxSystem", "Time"],
      path: "Tests/BootClockReader", swiftSettings: strict),

    // Tests.
    tests("FaultCheckersTests", ["FaultCheckers", "Time", "Wire"]),
    tests("FaultHarnessTests", ["FaultCheckers", "FaultHarness", "LANTestKit", "Time", "Wire"]),
    tests(
      "LeaseTests", ["Lease", "LeaseTestKit", "LinuxSystem", "SeededRandom", "Time", "Wire"]),
    tests(
      "LeaseLocalTests",
      [
        "LeaseLocal", "LeaseLocalTestHolder", "Lease", "LeaseTestKit", "Time", "Wire",
        "LinuxSystem", "CLinux",
      ]),
    tests("LeaseSimulatorTests", ["Lease", "LeaseSimulator", "SeededRandom", "Time", "Wire"]),
    tests(
      "LeaseEtcdTests",
      [
        "EtcdTestKit", "LANTestKit", "LeaseEtcd", "Lease", "LeaseTestKit", "Time", "Wire",
        "LinuxSystem", "CLinux",
      ]),
    tests(
      "LeaseKubernetesTests",
      [
        "Kubernetes", "KubernetesTestKit", "LANTestKit", "Lease", "LeaseKubernetes", "LeaseTestKit",
        "LinuxSystem", "Time", "Wire",
      ]),
    tests("HTTPTransportTests", ["HTTPTransport", "LinuxSystem", "Time"]),
    tests("KubernetesTestKitTests", ["EtcdTestKit", "KubernetesTestKit", "LANTestKit"]),
    tests("MetricsTests", ["Metrics"]),
    tests("BugReportTests", ["BugReport", "LANTestKit"]),
    tests("MetricsServerTests", ["CLinux", "LANTestKit", "LinuxSystem", "MetricsServer", "Time"]),
    tests("WireTests", ["Wire"]),
    tests("FrameTextTests", ["CPcap", "FrameText", "Wire"]),
    tests("TimeTests", ["Time"]),
    tests("AnnouncerTests", ["Announcer", "CAllocationCounter", "SeededRandom", "Time", "Wire"]),
    tests(
      "ReconcilerTests",
      ["Announcer", "Lease", "Metrics", "Reconciler", "SeededRandom", "Time", "Wire"]),
    tests("ClusterTests", ["Announcer", "Cluster", "SeededRandom", "Time", "Wire"]),
    tests("AddressPoolsTests", ["AddressPools", "Cluster", "SeededRandom", "Time", "Wire"]),
    tests("ManifestsTests", ["CLinux", "Cluster", "LinuxSystem", "Manifests"]),
    tests("KubernetesObjectsTests", ["Cluster", "KubernetesObjects", "Wire"]),
    tests(
      "KubernetesTests",
      [
        "CLinux", "Cluster", "EtcdTestKit", "HTTPTransport", "Kubernetes", "KubernetesObjects",
        "KubernetesTestKit", "LANTestKit", "LinuxSystem", "Time", nioCore, nioHTTP1, nioPosix,
        nioSSL,
      ]),
    tests("RawSocketTests", ["RawSocket", "Announcer", "CPcap", "LinuxSystem", "Time", "Wire"]),
    tests(
      "RawSocketIntegrationTests",
      ["RawSocket", "Announcer", "CAllocationCounter", "LANTestKit", "LinuxSystem", "Time", "Wire"]),
    tests(
      "LifecycleIntegrationTests",
      [
        "Announcer", "AnnouncerCommand", "CLinux", "CThreadStop", "Cluster", "EtcdTestKit",
        "KubernetesTestKit", "LANTestKit", "LinuxSystem", "Manifests", "Time", "Wire",
      ]),
    tests("LANTestKitIntegrationTests", ["LANTestKit", "CLinux", "Wire"]),
    tests(
      "ScenarioIntegrationTests",
      [
        "AnnouncerCommand", "Control", "CLinux", "LANTestKit", "LinuxSystem", "SeededRandom",
        "Wire",
      ]),
    tests(
      "LinuxSystemTests", ["BootClockReader", "LANTestKit", "LinuxSystem", "CLinux", "Time"]),
    tests(
      "NetlinkTests",
      ["Netlink", "Announcer", "Time", "Wire", "LinuxSystem", "CMnl", "CLinux"]),
    tests(
      "HostAuditTests",
      ["Announcer", "CLinux", "HostAudit", "LANTestKit", "LinuxSystem", "SeededRandom", "Wire"]),
    tests("YAMLDocumentsTests", ["SeededRandom", "YAMLDocuments"]),
    tests(
      "ConfigurationTests",
      ["Announcer", "Configuration", "SeededRandom", "Wire", "YAMLDocuments"]),
    .testTarget(
      name: "DocumentationTests",
      dependencies: [
        "AnnouncerCommand", "Configuration", "Daemon", "EtcdTestKit", "KubernetesTestKit",
        "LANTestKit", "Manifests", "Metrics",
      ], exclude: ["StandIns"], swiftSettings: strict),
    .testTarget(
      name: "DeploymentTests", dependencies: ["Configuration", "KubernetesTestKit", "LANTestKit"],
      exclude: ["Golden"], swiftSettings: strict),
    tests(
      "DaemonTests",
      [
        "Announcer", "Cluster", "Configuration", "Control", "Daemon", "Kubernetes", "LANTestKit",
        "Lease", "LeaseTestKit", "LinuxSystem", "Metrics", "RawSocket", "Reconciler", "Time",
        "Wire", logging,
      ]),
    tests(
      "KubernetesReportsTests",
      [
        "Cluster", "Kubernetes", "KubernetesReports", "KubernetesTestKit", "LANTestKit",
        "LinuxSystem", "Time", "Wire",
      ]),
    tests("ControlTests", ["CLinux", "Control", "LinuxSystem", "Time", logging]),
  ],
  swiftLanguageModes: [.v6]
)

// A sanitizer's build would spend most of its time on the C code of the HTTP client's TLS: this leaves out
// what stands on that client.
if Context.environment["ANNOUNCER_WITHOUT_HTTP"] != nil {
  func name(_ dependency: Target.Dependency) -> String {
    switch dependency {
    case .productItem(let name, _, _, _): name
    case .targetItem(let name, _): name
    case .byNameItem(let name, _): name
    @unknown default: ""
    }
  }
  var left: Set = ["AsyncHTTPClient", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL"]
  var count = 0
  while left.count > count {
    count = left.count
    for target in package.targets
    where target.dependencies.contains(where: { left.contains(name($0)) }) {
      left.insert(target.name)
    }
  }
  package.targets.removeAll { left.contains($0.name) }
  package.products.removeAll { $0.name == "announcer" }
  package.dependencies.removeAll { dependency in
    guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
    let unused = ["async-http-client", "swift-nio", "swift-subprocess", "swift-system"]
    return unused.contains { location.contains($0) }
  }
}
