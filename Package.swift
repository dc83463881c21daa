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

let package = Package(
  name: "announcer",
  dependencies: [],
  targets: [
    // System libraries and kernel headers.
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(name: "CMnl", pkgConfig: "libmnl", providers: [.apt(["libmnl-dev"])]),

    // Pure: values in, values out.
    target("Time", []),
    target("Wire", []),
    target("Announcer", ["Time", "Wire"]),
    target("Lease", ["Time", "Wire"]),

    // Shells: each owns one resource of the system.
    target("LinuxSystem", ["CLinux", "Time"]),
    target("LeaseLocal", ["Lease", "Time", "Wire", "LinuxSystem", "CLinux"]),

    // Tests.
    target("LeaseTestKit", ["Lease", "Time", "Wire"]),
    .executableTarget(
      name: "LeaseLocalTestHolder",
      dependencies: ["LeaseLocal", "Lease", "LinuxSystem", "Time", "Wire"],
      path: "Tests/LeaseLocalTestHolder", swiftSettings: strict),
    tests("LeaseTests", ["Lease", "LeaseTestKit", "Time", "Wire", "LinuxSystem"]),
    tests(
      "LeaseLocalTests",
      [
        "LeaseLocal", "LeaseLocalTestHolder", "Lease", "LeaseTestKit", "Time", "Wire",
        "LinuxSystem", "CLinux",
      ]),
    tests("WireTests", ["Wire"]),
    tests("TimeTests", ["Time"]),
    tests("AnnouncerTests", ["Announcer", "Time", "Wire"]),
    tests("LinuxSystemTests", ["LinuxSystem", "CLinux", "Time"]),
  ],
  swiftLanguageModes: [.v6]
)
