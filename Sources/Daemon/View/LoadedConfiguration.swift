internal import Configuration
internal import Control
internal import LinuxSystem

/// The configuration in force, and how the last reload went.
struct LoadedConfiguration: Sendable {
  private(set) var configuration: Configuration
  private(set) var loadedAt: WallTime
  /// Why the file was refused at the last reload; nil where it is the one in force.
  private(set) var error: String?
  /// The file was refused only because it cannot be taken over while the daemon runs.
  private(set) var needsRestart = false

  init(_ configuration: Configuration, loadedAt: WallTime) {
    self.configuration = configuration
    self.loadedAt = loadedAt
  }

  /// What a reload has come to.
  enum Reload: Hashable, Sendable {
    /// Nothing was taken over, for these reasons.
    case refused([String])
    case changed(ConfigurationChanges)
  }

  /// Takes over what was read from the file, or refuses it.
  mutating func take(
    _ result: Result<Configuration, ConfigurationFailure>, at now: WallTime
  ) -> Reload {
    switch result {
    case .failure(let failure):
      needsRestart = false
      error = failure.description
      return .refused(failure.description.split(separator: "\n").map(String.init))
    case .success(let new):
      let restartNotes = configuration.changesThatNeedARestart(new)
      needsRestart = !restartNotes.isEmpty
      guard !needsRestart else {
        error = restartNotes.joined(separator: "\n")
        return .refused(restartNotes)
      }
      error = nil
      let changes = configuration.difference(to: new)
      configuration = new
      loadedAt = now
      return .changed(changes)
    }
  }

  /// What a file means that was read now.
  func compared(to found: FileLook.Finding) -> FileOnDisk {
    let changedAt = found.stamp.map(changed)
    switch found.outcome {
    case .failure(let failure):
      return FileOnDisk(
        state: .refused, changedAt: changedAt,
        lines: failure.description.split(separator: "\n").map(String.init))
    case .success(let new):
      let notes = configuration.changesThatNeedARestart(new)
      guard notes.isEmpty else {
        return FileOnDisk(state: .restart, changedAt: changedAt, lines: notes)
      }
      let changes = configuration.difference(to: new)
      guard !changes.keys.isEmpty else { return FileOnDisk(state: .inForce) }
      return FileOnDisk(state: .reload, changedAt: changedAt, lines: changes.lines)
    }
  }

  /// A file that was moved to its place may have been written long before.
  private func changed(_ stamp: FileStamp) -> WallTime {
    WallTime(
      nanoseconds: stamp.written > loadedAt.nanoseconds ? stamp.written : stamp.changed)
  }
}
