internal import Configuration
internal import Control
internal import LinuxSystem

/// The configuration in force, and how the last reload went.
struct LoadedConfiguration: Sendable {
  let configuration: Configuration
  let loadedAt: WallTime
  /// Why the file was refused at the last reload; nil where it is the one in force.
  let error: String?

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
