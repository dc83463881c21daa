internal import FoundationEssentials

/// What people do before and after a disaster, with the member's own files.
extension EtcdMember {
  /// Keeps its data in a new directory. It ends for that, and is to be started again.
  package func backUp(to directory: String) async throws {
    await kill()
    try FileManager.default.copyItem(atPath: plan.dataDirectory, toPath: directory)
  }

  /// Puts data back that was kept: its history goes on from there. It ends for that, and is to be started
  /// again.
  package func putBack(_ directory: String) async throws {
    await kill()
    try FileManager.default.removeItem(atPath: plan.dataDirectory)
    try FileManager.default.copyItem(atPath: directory, toPath: plan.dataDirectory)
  }
}
