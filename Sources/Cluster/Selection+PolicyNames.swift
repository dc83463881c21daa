package import Announcer

/// Policies as people find them.
extension Selection {
  /// The policies that have a pattern, in words: `policy lan, p.yaml:1`.
  package func policies(withPattern pattern: InterfacePattern) -> [String] {
    policies.filter { $0.value.inForce?.patterns.contains(pattern) ?? false }.keys.sorted()
      .map(title(ofPolicy:))
  }

  /// `policy lan, p.yaml:1`.
  package func title(ofPolicy key: ObjectKey) -> String {
    key == Self.defaultPolicyKey
      ? "the default policy"
      : "policy \(key.name)" + (policies[key]?.written.place.map { ", \($0)" } ?? "")
  }
}
