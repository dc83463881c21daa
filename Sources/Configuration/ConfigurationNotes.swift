extension Configuration {
  /// What is right and may not be meant, in sentences without their full stop: for `announcer check`.
  package var notes: [String] {
    guard kubernetes?.givesAddresses == true, lease.backend == .local else { return [] }
    return [
      "kubernetes.addressPools: with `lease.backend: local` every node elects itself, and all of them would give "
        + "out addresses; that is fine for one node, several need `etcd` or `kubernetes`"
    ]
  }
}

extension Configuration {
  /// Announcements that name a node which is not there, in sentences without their full stop.
  ///
  /// - Parameter names: of the nodes that have a session now. This one counts as there.
  package func notes(onNodesBeside names: Set<String>) -> [String] {
    let present = names.union([node]).sorted()
    return announcements.compactMap { entry in
      let absent = (entry.nodes ?? []).subtracting(present).sorted()
      guard !absent.isEmpty else { return nil }
      let verb = present.count == 1 ? "is" : "are"
      let names = absent.joined(separator: ", ")
      return "\(entry.origin): `nodes` names \(names), and no node of that "
        + "name is there now: there \(verb) \(present.joined(separator: ", "))"
    }
  }
}
