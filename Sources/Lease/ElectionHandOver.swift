package import Time
package import Wire

/// Giving an address to another node while both are well (lease.md §3.6).
///
/// Two phases, so that the order of lease.md §2.4 is the machine's and not its caller's: the view names
/// what is to be given up (`yielding`), the caller shuts the gate for it and says so (`giveUp`), and
/// only then the claim is released. The node that gave up stands back for a while, so that somebody
/// else gets it.
extension Election {
  /// Where a hand-over stands. From `preferring` to `yielding`, when the store has the preference.
  enum HandOver: Hashable {
    /// The store is being told who shall have it; this node goes on announcing.
    case preferring(String)
    /// The caller is asked to shut the gate.
    case yielding
  }

  /// How long the node that gave an address up leaves it to others.
  package static let abstinence = Duration.seconds(2)

  /// Hands an address that is held to `node`, or to whoever the ranking puts first among the others.
  /// Does nothing where it is not held, or held without a lease, or where nobody else (or nobody of that
  /// name) is there.
  package mutating func handOver(_ address: IPAddress, to node: String?, at now: Instant) {
    guard isOpenAndSynced, !isHolding, held[address] != nil, handOvers[address] == nil else {
      return
    }
    guard let node else {
      if !rivals.isEmpty { handOvers[address] = .yielding }
      return
    }
    guard rivals[node] != nil else { return }
    if preferences[address] == node {
      handOvers[address] = .yielding
    } else {
      handOvers[address] = .preferring(node)
      preferencesToWrite[address] = Preference(address: address, node: node)
    }
  }

  /// The gate is shut for these addresses, and no frame for them is on its way: release them.
  package mutating func giveUp(_ addresses: Set<IPAddress>, at now: Instant) {
    for address in addresses where handOvers[address] == .yielding {
      handOvers[address] = nil
      guard let claim = held.removeValue(forKey: address) else { continue }
      handedOver += 1
      abstinences[address] = now + Self.abstinence
      giveBack(address, epoch: claim.epoch, at: now)
    }
  }

  var isOpenAndSynced: Bool { if case .open = phase { isSynced } else { false } }

  /// The store's word on who shall have an address next.
  mutating func notePreference(_ address: IPAddress, node preferred: String?, at now: Instant) {
    guard preferences[address] != preferred else { return }
    preferences[address] = preferred
    if queue.contains(address), var candidacy = candidacies[address] {
      candidacy.isDeferred = false
      candidacies[address] = candidacy
      queue.insert(address, due: due(address, candidacy))
    }
    if preferred != nil { withdrawLate(address) }
    guard let preferred, preferred != node, held[address] != nil, rivals[preferred] != nil else {
      return
    }
    // What we asked for ourselves waits for its own answer.
    if policy.obeysPreferences, handOvers[address] == nil { handOvers[address] = .yielding }
  }

  /// A preference of ours that took effect late, after somebody had the address, would stay as long as
  /// this session.
  mutating func withdrawLate(_ address: IPAddress) {
    guard preferred.contains(address), held[address] != nil || holders[address] != nil,
      wishes[address] == nil, handOvers[address] == nil, preferencesToWrite[address] == nil
    else { return }
    preferencesToWrite[address] = Preference(address: address, node: nil)
  }

  /// Takes the next batch of preferences to write.
  mutating func takePreferences() -> [Preference] {
    let batch = preferencesToWrite.values.sorted { $0.address < $1.address }.prefix(limits.batch)
    for preference in batch {
      preferencesToWrite[preference.address] = nil
      if preference.node != nil { preferred.insert(preference.address) }
    }
    return Array(batch)
  }

  /// The store has the preferences.
  mutating func notePreferred(_ written: [Preference]) {
    for preference in written {
      guard let node = preference.node, node != self.node else { continue }
      let handOver = handOvers[preference.address]
      if handOver == .preferring(node), rivals[node] != nil {
        handOvers[preference.address] = .yielding
      } else if handOver == nil || handOver == .preferring(node) {
        // It has gone meanwhile, or the claim has: nothing is handed over, and nothing shall wait for it.
        handOvers[preference.address] = nil
        preferencesToWrite[preference.address] = Preference(address: preference.address, node: nil)
      }
    }
  }

  /// The store could not be told: nothing is handed over, nothing is lost. It may have been told all
  /// the same, so that what was written is withdrawn.
  mutating func notePreferringFailed(_ unwritten: [Preference]) {
    for preference in unwritten {
      if case .preferring = handOvers[preference.address] { handOvers[preference.address] = nil }
      wishes[preference.address] = nil
      if preferencesToWrite[preference.address] == nil {
        preferencesToWrite[preference.address] = Preference(address: preference.address, node: nil)
      }
    }
  }
}
