internal import CLinux
internal import Lease
internal import LinuxSystem
internal import Wire

extension LocalEngine {
  /// Others come and go between our look and our act, but not this often.
  private static let attempts = 16

  private func preferenceFile(for address: IPAddress) -> PreferenceFile {
    PreferenceFile(
      path: directory.file(LeaseFileName.preference(for: address)),
      temporary: directory.file("\(token).temporary"))
  }

  /// Writes or withdraws what this session prefers. Every one is tried; the first failure is told.
  func prefer(_ list: [Preference], by id: SessionID) throws(StoreFailure) {
    checkSession()
    guard let session, session.id == id, !isSessionLost else {
      throw StoreFailure(.refused, "session \(id) is over")
    }
    var failure: StoreFailure?
    for preference in list {
      do throws(SystemError) {
        let record = preference.node.map {
          PreferenceRecord(preferred: $0, node: session.node, session: id)
        }
        try write(record, for: preference.address, session: id)
      } catch {
        failure = failure ?? Self.failure(error)
      }
      lookAtPreference(for: preference.address)
    }
    if let failure { throw failure }
  }

  private func write(
    _ record: PreferenceRecord?, for address: IPAddress, session: SessionID
  ) throws(SystemError) {
    let file = preferenceFile(for: address)
    for _ in 0..<Self.attempts {
      let content = try file.read()
      if case .present(let present?) = content, counts(present) {
        guard present.session == session.text else { return }
        guard let record else { return try file.remove(content) }
        if try file.write(record, replacing: true) { return }
      } else {
        // Nobody's, or a dead session's: out of the way.
        if content != .absent { try file.remove(content) }
        guard let record else { return }
        if try file.write(record, replacing: false) { return }
      }
    }
    throw SystemError(call: "rename", subject: file.path, code: EBUSY)
  }

  /// Whether the session that wrote it still lives.
  private func counts(_ record: PreferenceRecord) -> Bool {
    if record.session == session?.id.text { return !isSessionLost }
    let path = directory.file(LeaseFileName.session(of: record.node))
    guard case .held(let owner?)? = try? FileProbe(path) else { return false }
    return owner.state == .held && owner.session == record.session
  }

  /// The preference for an address that counts; one that does not is taken away.
  private func currentPreference(for address: IPAddress) -> PreferenceRecord? {
    let file = preferenceFile(for: address)
    guard let content = try? file.read(), case .present(let record) = content else { return nil }
    if let record, counts(record) { return record }
    // A record that nobody can read may be another version's: nothing of ours to delete.
    if record != nil { try? file.remove(content) }
    return nil
  }

  /// Finds out what has become of a preference, and tells what is new.
  func lookAtPreference(for address: IPAddress) {
    let current = currentPreference(for: address)
    guard current != preferences[address] else { return }
    preferences[address] = current
    tell(.preferred(address, node: current?.preferred))
  }

  /// A node's session may have ended, and what it wrote with it.
  func reviewPreferences(by node: String) {
    for (address, record) in preferences where record.node == node {
      lookAtPreference(for: address)
    }
  }

  /// The address is claimed, which ends what anybody preferred.
  func endPreference(for address: IPAddress) {
    preferenceFile(for: address).removeAll()
    guard preferences.removeValue(forKey: address) != nil else { return }
    tell(.preferred(address, node: nil))
  }

  /// Takes back everything that a session of ours wrote.
  func withdrawPreferences(of session: SessionID) {
    for (address, record) in preferences where record.session == session.text {
      try? preferenceFile(for: address).remove(.present(record))
      lookAtPreference(for: address)
    }
  }

  /// All that count, by the directory's names.
  func readPreferences(among names: [String]) -> [IPAddress: String] {
    preferences = [:]
    for name in names {
      guard case .preference(let address)? = LeaseFileName(name) else { continue }
      preferences[address] = currentPreference(for: address)
    }
    return preferences.mapValues(\.preferred)
  }
}
