internal import LinuxSystem
internal import Manifests
internal import ServiceLifecycle

/// Watches the files that the configuration names, and others once it names others.
struct ManifestService: Service {
  let model: ClusterModel
  /// What `manifests` says: at the start, and after every reload.
  let paths: AsyncStream<[String]>
  let failed: @Sendable (SystemError) -> Void

  func run() async throws {
    var current: [String] = []
    var watch: ManifestWatch?
    var reading: Task<Void, Never>?
    for await paths in paths.cancelOnGracefulShutdown() where paths != current {
      current = paths
      watch?.stop()
      await reading?.value
      watch = nil
      guard !paths.isEmpty else {
        model.take(ManifestSnapshot())
        continue
      }
      do throws(SystemError) {
        let new = try ManifestWatch(paths)
        let model = model
        reading = Task { for await snapshot in new.snapshots { model.take(snapshot) } }
        watch = new
      } catch {
        failed(error)
      }
    }
    watch?.stop()
    await reading?.value
    try await gracefulShutdown()
  }
}
