internal import LinuxSystem

/// Whether a service may do with a file what it has to, judged by what is known of both. Pure.
package struct ServiceAccess: Hashable, Sendable {
  package let unit: ServiceUnit
  package let identity: ServiceIdentity

  package init(unit: ServiceUnit, identity: ServiceIdentity) {
    self.unit = unit
    self.identity = identity
  }

  /// What a service has to do.
  package enum Need: Hashable, Sendable {
    /// Read a file, or list a directory.
    case read
    /// Make files in a directory.
    case write
  }

  package enum Verdict: Hashable, Sendable {
    case allowed
    /// One line, with the command that heals.
    case denied(String)
    /// Why nothing can be said.
    case unknown(String)
  }

  /// Whether systemd makes the place, or a directory above it, for the service.
  package func makes(_ path: String) -> Bool { unit.made.contains { contains($0, path) } }

  /// - Parameters:
  ///   - steps: the way to it, itself last.
  ///   - path: as people wrote it.
  package func judge(_ steps: [PathStep], _ need: Need, path: String) -> Verdict {
    if need == .write, makes(path) { return .allowed }
    if let place = hiddenPlace(steps.last?.path ?? path) ?? hiddenPlace(path) {
      return .denied(
        "the service does not see \(place): move \(path) to a directory such as /etc/announcer")
    }
    if need == .write, unit.isReadOnly, !unit.writable.contains(where: { contains($0, path) }) {
      return .denied(
        "the service may not write to \(path) (ProtectSystem=strict): "
          + (unit.made.first.map { "name a path below \($0)" } ?? "add it to ReadWritePaths="))
    }
    var remedies: [String] = []
    var denied: [PathStep] = []
    for (position, step) in steps.enumerated() {
      let isLast = position == steps.count - 1
      let bits = bits(for: step, isLast: isLast, need)
      guard let isGranted = grants(step, bits) else {
        return .unknown(
          "\(path): the access list of \(step.path) is not understood: see with `getfacl` what it "
            + "grants to \(identity.title)")
      }
      if isGranted { continue }
      denied.append(step)
      remedies += remedy(for: step, bits, isLast: isLast)
    }
    guard let first = denied.first else { return .allowed }
    let what =
      first == steps.last
      ? (need == .read ? "read \(path)" : "write to \(path)")
      : "reach \(path), because of the directory \(first.path)"
    return .denied(
      "the service (\(identity.title)) cannot \(what): \(remedies.joined(separator: " && "))")
  }

  /// Read 4, write 2, search 1.
  private func bits(for step: PathStep, isLast: Bool, _ need: Need) -> UInt32 {
    guard isLast else { return 1 }
    switch need {
    case .read: return step.isDirectory ? 5 : 4
    case .write: return step.isDirectory ? 7 : 6
    }
  }

  /// The first class that fits decides, whatever the others would grant (path_resolution(7)). Nil where that is not
  /// known.
  private func grants(_ step: PathStep, _ bits: UInt32) -> Bool? {
    switch step.accessList {
    case .list(let list):
      return list.grants(bits, to: identity, owner: step.owner, group: step.group)
    case .unreadable: return nil
    case .none: break
    }
    let shift: UInt32 =
      if let user = identity.userID, user == step.owner {
        6
      } else if identity.groupIDs.contains(step.group) {
        3
      } else {
        0
      }
    return step.mode >> shift & bits == bits
  }

  private func remedy(for step: PathStep, _ bits: UInt32, isLast: Bool) -> [String] {
    let path = shellWord(step.path)
    // The owner's own bits stand before those of the group.
    if let user = identity.userID, user == step.owner {
      return ["chmod u+\(letters(bits)) \(path)"]
    }
    let isOurs = identity.groupIDs.contains(step.group)
    // What another group needs keeps that group, and what all use keeps root's.
    let isTaken = !isOurs && step.group != 0
    let isEverybodys = !isLast && step.path.split(separator: "/").count < 2
    if isTaken || isEverybodys || step.accessList != .none {
      return ["setfacl -m g:\(shellWord(identity.group)):\(letters(bits)) \(path)"]
    }
    let mode = isLast && !step.isDirectory && bits == 4 ? "640" : "g+\(letters(bits))"
    let change = "chmod \(mode) \(path)"
    return isOurs ? [change] : ["chgrp \(shellWord(identity.group)) \(path)", change]
  }

  private func letters(_ bits: UInt32) -> String {
    (bits & 4 != 0 ? "r" : "") + (bits & 2 != 0 ? "w" : "") + (bits & 1 != 0 ? "x" : "")
  }

  private func hiddenPlace(_ path: String) -> String? {
    func first(of places: [String]) -> String? { places.first { contains($0, path) } }
    if unit.hidesHomes, let home = first(of: ["/home", "/root", "/run/user"]) {
      return "\(home) (ProtectHome=)"
    }
    if unit.hasOwnTemporaryFiles, let own = first(of: ["/tmp", "/var/tmp"]) {
      return "this \(own) (PrivateTmp=)"
    }
    return nil
  }

  private func contains(_ directory: String, _ path: String) -> Bool {
    path == directory || path.hasPrefix(directory == "/" ? "/" : "\(directory)/")
  }
}
