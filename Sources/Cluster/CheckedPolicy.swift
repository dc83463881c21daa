internal import Announcer

/// A policy without faults, ready to be held against Services and nodes.
struct CheckedPolicy: Hashable, Sendable {
  let nodes: [LabelRequirement]
  let services: [LabelRequirement]
  /// None: every interface that can carry it.
  let patterns: [InterfacePattern]
  let externalIPs: Bool
  let loadBalancerIPs: Bool

  /// Longer patterns than this serve nobody: an interface's name has at most 15 octets.
  private static let patternLimit = 256

  func announces(_ kind: AddressKind) -> Bool {
    switch kind {
    case .loadBalancer: loadBalancerIPs
    case .external: externalIPs
    }
  }

  /// Every fault of the policy, and what it means if there is none.
  ///
  /// All three fields are checked whatever the others say, so that one look at the status shows all
  /// there is to correct.
  static func check(
    _ policy: L2AnnouncementPolicy
  ) -> (policy: CheckedPolicy?, faults: [PolicyFault: String]) {
    var faults: [PolicyFault: String] = [:]
    let nodes = requirements(of: policy.nodeSelector, .nodeSelector, &faults)
    let services = requirements(of: policy.serviceSelector, .serviceSelector, &faults)
    let patterns = Self.patterns(policy.interfaces, &faults)
    guard faults.isEmpty else { return (nil, faults) }
    let checked = CheckedPolicy(
      nodes: nodes, services: services, patterns: patterns, externalIPs: policy.externalIPs,
      loadBalancerIPs: policy.loadBalancerIPs)
    return (checked, [:])
  }

  private static func requirements(
    of selector: LabelSelector?, _ kind: PolicyFault, _ faults: inout [PolicyFault: String]
  ) -> [LabelRequirement] {
    do throws(LabelSelector.Fault) {
      return try selector?.requirements() ?? []
    } catch {
      faults[kind] = error.description
      return []
    }
  }

  /// An empty expression matches every name. The configuration file refuses it as a slip of the hand;
  /// a policy that was written for another program may mean it.
  private static func patterns(
    _ texts: [String], _ faults: inout [PolicyFault: String]
  ) -> [InterfacePattern] {
    var patterns: [InterfacePattern] = []
    for (position, text) in texts.enumerated() where !text.isEmpty {
      do throws(InterfacePattern.Failure) {
        guard text.utf8.count <= patternLimit else {
          faults[.interfaces] = "interfaces[\(position)]: longer than \(patternLimit) characters"
          return []
        }
        patterns.append(try InterfacePattern(text))
      } catch {
        faults[.interfaces] = "interfaces[\(position)]: \(error)"
        return []
      }
    }
    return texts.contains("") ? [] : patterns
  }
}
