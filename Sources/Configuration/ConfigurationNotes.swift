extension Configuration {
  /// What is right and may not be meant, in sentences without their full stop: for `announcer check`.
  package var notes: [String] {
    (kubernetes?.givesAddresses == true ? notesOnPools : [])
      + (lease.backend == .etcd ? notesOnEtcd : []) + notesOnNames
  }

  private var notesOnNames: [String] {
    var notes = announcements.compactMap { entry -> String? in
      let nodes = entry.nodes ?? []
      let alike = nodes.filter { $0 != node && $0.lowercased() == node.lowercased() }.sorted()
      guard !alike.isEmpty, !nodes.contains(node) else { return nil }
      return
        "\(entry.origin): `nodes` names \(alike.joined(separator: ", ")), and this node is called \(node): upper "
        + "and lower case are not the same"
    }
    if lease.backend != .local, ["localhost", "localhost.localdomain"].contains(node) {
      notes.append(
        "node: this node is called \(node), as other machines may be, too: set `node` to a name that no other node has"
      )
    }
    return notes
  }

  private var notesOnPools: [String] {
    guard lease.backend == .local else { return [] }
    return [
      "kubernetes.addressPools: with `lease.backend: local` every node elects itself, and all of them would give "
        + "out addresses; that is fine for one node, several need `etcd` or `kubernetes`"
    ]
  }

  private var notesOnEtcd: [String] {
    // A member on each node is a good use of a loopback address.
    let endpoints = lease.etcd.endpoints.filter { !$0.isLoopback }
    var notes: [String] = []
    if endpoints.count == 1, lease.etcd.endpoints.count == 1 {
      notes.append(
        "lease.etcd.endpoints has one endpoint: while it is away, no address is announced; a cluster of three members, "
          + "each of them named here, goes on without any one of them")
    }
    if let first = endpoints.first, !first.isSecure {
      notes.append(
        "lease.etcd.endpoints: \(first) is reached over http: a station that sees the traffic can change the claims, and "
          + "with them who announces what; write https, with certificates, for everything but a lab"
      )
    }
    return notes
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
