/// The documents by which a client learns what a server has.
///
/// Source: `k8s.io/apimachinery/pkg/apis/meta/v1`: APIVersions, APIGroupList, APIResourceList.
enum Discovery {
  static let version: JSON = [
    "major": "1", "minor": "33", "gitVersion": "v1.33.0", "gitCommit": "unknown",
    "gitTreeState": "clean", "buildDate": "2025-04-23T13:04:09Z", "goVersion": "go1.24.2",
    "compiler": "gc", "platform": "linux/amd64",
  ]

  static let coreVersions: JSON = [
    "kind": "APIVersions", "versions": ["v1"],
    "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"]],
  ]

  static func groups(_ kinds: [APIKind]) -> JSON {
    var names: [String] = []
    for kind in kinds where !kind.group.isEmpty && !names.contains(kind.group) {
      names.append(kind.group)
    }
    return [
      "kind": "APIGroupList", "apiVersion": "v1",
      "groups": .array(
        names.compactMap { name in
          var group = group(name, kinds)
          // Elements of a list do not name themselves.
          group?["kind"] = .null
          group?["apiVersion"] = .null
          return group
        }),
    ]
  }

  static func group(_ name: String, _ kinds: [APIKind]) -> JSON? {
    var versions: [String] = []
    for kind in kinds where kind.group == name {
      for version in kind.versions where !versions.contains(version) { versions.append(version) }
    }
    // A newer version goes before an older one, and a finished one before those in the making.
    versions.sort { rank($0) > rank($1) }
    guard !name.isEmpty, !versions.isEmpty else { return nil }
    let forms: [JSON] = versions.map {
      ["groupVersion": .string("\(name)/\($0)"), "version": .string($0)]
    }
    return [
      "kind": "APIGroup", "apiVersion": "v1", "name": .string(name), "versions": .array(forms),
      "preferredVersion": forms[0],
    ]
  }

  static func resources(_ group: String, _ version: String, _ kinds: [APIKind]) -> JSON? {
    let there = kinds.filter { $0.group == group && $0.versions.contains(version) }
    guard !there.isEmpty else { return nil }
    var resources: [JSON] = []
    for kind in there {
      resources.append([
        "name": .string(kind.plural), "singularName": "", "namespaced": .bool(kind.isNamespaced),
        "kind": .string(kind.kind),
        "verbs": [
          "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
        ],
      ])
      guard kind.hasStatus else { continue }
      resources.append([
        "name": .string("\(kind.plural)/status"), "singularName": "",
        "namespaced": .bool(kind.isNamespaced), "kind": .string(kind.kind),
        "verbs": ["get", "patch", "update"],
      ])
    }
    return [
      "kind": "APIResourceList", "apiVersion": "v1",
      "groupVersion": .string(group.isEmpty ? version : "\(group)/\(version)"),
      "resources": .array(resources),
    ]
  }

  /// `v2` before `v1`, `v1` before `v2beta1`, that before `v2alpha1`.
  private static func rank(_ version: String) -> Int {
    let numbers = version.split { !$0.isNumber }.compactMap { Int($0) }
    let stage = version.contains("alpha") ? 0 : version.contains("beta") ? 1 : 2
    return (stage * 1000 + (numbers.first ?? 0)) * 1000 + (numbers.dropFirst().first ?? 0)
  }
}
