package import Testing

/// A kind of link that a test wants to make, as `ip link add NAME [link p0]` takes it. `p0` and `p1` are the ends
/// of a veth pair.
package enum LinkKind: String, CaseIterable, Sendable {
  case vlan = "type vlan id 100"
  case dummy = "type dummy"
  case ifb = "type ifb"
  case bond = "type bond mode active-backup"
  case team = "type team"
  case prp = "type hsr slave1 p0 slave2 p1 proto 1"
  case vrf = "type vrf table 10"
  case macvlan = "type macvlan mode bridge"
  case sourceMacvlan = "type macvlan mode source nodst"
  case macvtap = "type macvtap mode bridge"
  case ipvlan = "type ipvlan mode l2"
  case ipvtap = "type ipvtap mode l2"
  case vxlan = "type vxlan id 5 dstport 4789 local 10.80.0.2 remote 10.80.0.1 dev p0"
  case gretap = "type gretap local 10.80.0.2 remote 10.80.0.1"

  /// Those that this kernel can make, tried once in one namespace: making and removing many takes the machine
  /// from tests that measure.
  private static let available = Task<Set<LinkKind>, Never> {
    guard LAN.isAvailable else { return [] }
    let attempts = allCases.map { kind in
      """
      if ip link add x0 \(kind.rawValue) || ip link add x0 link p0 \(kind.rawValue)
      then echo '\(kind.rawValue)'; ip link del x0; fi 2>/dev/null
      """
    }
    let script = (["ip link add p0 type veth peer name p1"] + attempts).joined(separator: "\n")
    let result = try? await runCommand(["unshare", "--net", "sh", "-c", script])
    let lines = result?.standardOutput.split(separator: "\n") ?? []
    return Set(lines.compactMap { LinkKind(rawValue: String($0)) })
  }

  fileprivate func isAvailable() async -> Bool { await Self.available.value.contains(self) }
}

extension Trait where Self == ConditionTrait {
  /// Runs the test only where this kernel can make such a link; says visibly that it was skipped.
  package static func needsLink(_ kind: LinkKind) -> Self {
    let reason = Comment(rawValue: "skipped: this kernel cannot make a link of \(kind.rawValue)")
    return .enabled(reason) { await kind.isAvailable() }
  }
}
