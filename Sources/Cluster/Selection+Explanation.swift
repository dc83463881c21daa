internal import Announcer
package import Wire

extension Selection {
  /// Every Service that has `address`, in order, whether or not it is announced for it.
  ///
  /// A walk over all Services: for a person who asks, not for every turn.
  package func explanations(of address: IPAddress) -> [ServiceExplanation] {
    services.compactMap { key, entry in
      let wish = entry.decision.wishes.first { $0.address == address }
      guard wish != nil || entry.service.mentions(address) else { return nil }
      return explanation(key, entry, wish)
    }.sorted { $0.service < $1.service }
  }

  /// What a Service asks for and why not for more; nil where there is no such Service.
  package func reasons(ofService name: ObjectName, from source: ObjectSource) -> [ServiceReason]? {
    services[ObjectKey(name, source)]?.decision.reasons
  }

  /// The `metadata.uid` of a Service; nil where there is none of that name.
  package func uid(ofService key: ObjectKey) -> String? { services[key]?.service.uid }

  /// What may explain an address that no Service has, or that is announced as it was: policies that
  /// are not in force as they are written.
  package var policyNotes: [String] {
    policies.sorted { $0.key < $1.key }.flatMap { key, entry in
      entry.faults.sorted { $0.key.rawValue < $1.key.rawValue }.map { fault, message in
        let name = "policy \(name(ofPolicy: key))" + (entry.written.place.map { ", \($0)" } ?? "")
        let consequence =
          entry.inForce == nil
          ? "it selects nothing until that is corrected" : "it stays in force as it was before"
        return "\(name): \(fault.field): \(message); \(consequence)"
      }
    }
  }

  private func explanation(
    _ key: ObjectKey, _ entry: ServiceEntry, _ wish: ServiceDecision.Wish?
  ) -> ServiceExplanation {
    ServiceExplanation(
      service: key, place: entry.service.place,
      policies: wish.map { $0.policies.map(name(ofPolicy:)) } ?? [],
      obstacle: wish?.terms.obstacle, reasons: wish == nil ? entry.decision.reasons : [])
  }
}

extension Service {
  /// Whether the address is written anywhere in it.
  fileprivate func mentions(_ address: IPAddress) -> Bool {
    let texts =
      externalIPs + ingress.compactMap(\.ip) + [loadBalancerIP].compactMap(\.self)
      + requestedIPs.flatMap { $0.words.map(String.init) }
    return texts.contains { IPAddress($0) == address }
  }
}
