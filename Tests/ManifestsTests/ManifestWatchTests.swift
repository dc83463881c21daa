import Cluster
import Glibc
import Manifests
import Testing

@Suite(.timeLimit(.minutes(10))) struct ManifestWatchTests {
  private let directory = TemporaryDirectory()

  /// Waits until the manifests say exactly this: `web 10.0.0.1`, by file and place.
  private func expect(
    _ expected: [String], _ snapshots: AsyncStream<ManifestSnapshot>,
    _ location: SourceLocation = #_sourceLocation
  ) async {
    for await snapshot in snapshots {
      let said = snapshot.objects.map { object in
        guard case .service(let service) = object else { return "\(object)" }
        return "\(service.name.name) \(service.loadBalancerIP ?? "")"
      }
      if said == expected { return }
    }
    Issue.record("the stream ended before it said \(expected)", sourceLocation: location)
  }

  @Test func filesComeChangeAndGo() async throws {
    directory.write("a.yaml", serviceText("a", "10.0.0.1"))
    let watch = try ManifestWatch([directory.path], interval: .seconds(3600))
    await expect(["a 10.0.0.1"], watch.snapshots)
    directory.write("b.yaml", serviceText("b", "10.0.0.2"))
    await expect(["a 10.0.0.1", "b 10.0.0.2"], watch.snapshots)
    directory.write("a.yaml", serviceText("a", "10.0.0.9"))
    await expect(["a 10.0.0.9", "b 10.0.0.2"], watch.snapshots)
    directory.replace("b.yaml", serviceText("b", "10.0.0.3"))
    await expect(["a 10.0.0.9", "b 10.0.0.3"], watch.snapshots)
    directory.rename("b.yaml", "b.off")
    await expect(["a 10.0.0.9"], watch.snapshots)
    directory.remove("a.yaml")
    await expect([], watch.snapshots)
    watch.stop()
    for await snapshot in watch.snapshots { Issue.record("after the end: \(snapshot)") }
  }

  @Test func theDirectoryAndTheFileMayComeLater() async throws {
    let watch = try ManifestWatch(
      [
        "\(directory.path)/later/deep", "\(directory.path)/single.yaml",
      ], interval: .seconds(3600))
    await expect([], watch.snapshots)
    directory.makeDirectory("later")
    directory.makeDirectory("later/deep")
    directory.write("later/deep/a.yaml", serviceText("a", "10.0.0.1"))
    await expect(["a 10.0.0.1"], watch.snapshots)
    directory.write("single.yaml", serviceText("s", "10.0.0.5"))
    await expect(["a 10.0.0.1", "s 10.0.0.5"], watch.snapshots)
    // Put aside and replaced by another directory of the name.
    directory.rename("later", "before")
    await expect(["s 10.0.0.5"], watch.snapshots)
    directory.makeDirectory("later")
    directory.makeDirectory("later/deep")
    directory.write("later/deep/a.yaml", serviceText("a", "10.0.0.2"))
    await expect(["a 10.0.0.2", "s 10.0.0.5"], watch.snapshots)
    directory.write("before/deep/a.yaml", serviceText("a", "10.0.0.3"))
    directory.write("later/deep/a.yaml", serviceText("a", "10.0.0.4"))
    await expect(["a 10.0.0.4", "s 10.0.0.5"], watch.snapshots)
  }

  /// A mounted ConfigMap: files are links into `..data`, which is a link to a directory with a date for a
  /// name, and is replaced by renaming another link over it.
  @Test func aConfigMapIsReplacedAsAWhole() async throws {
    directory.makeDirectory("..1")
    directory.write("..1/a.yaml", serviceText("a", "10.0.0.1"))
    directory.write("..1/b.yaml", serviceText("b", "10.0.0.2"))
    directory.link("..data", to: "..1")
    directory.link("a.yaml", to: "..data/a.yaml")
    directory.link("b.yaml", to: "..data/b.yaml")
    let watch = try ManifestWatch([directory.path], interval: .seconds(3600))
    await expect(["a 10.0.0.1", "b 10.0.0.2"], watch.snapshots)
    directory.makeDirectory("..2")
    directory.write("..2/a.yaml", serviceText("a", "10.0.0.3"))
    directory.write("..2/b.yaml", serviceText("b", "10.0.0.4"))
    directory.link("..data_tmp", to: "..2")
    directory.rename("..data_tmp", "..data")
    directory.remove("..1/a.yaml")
    directory.remove("..1/b.yaml")
    directory.remove("..1")
    await expect(["a 10.0.0.3", "b 10.0.0.4"], watch.snapshots)
  }

  /// A link whose target lies elsewhere, and is written there.
  @Test func aLinkIsFollowed() async throws {
    directory.makeDirectory("real")
    directory.makeDirectory("seen")
    directory.makeDirectory("elsewhere")
    directory.write("elsewhere/b.yaml", serviceText("b", "10.0.0.7"))
    directory.write("real/a.yaml", serviceText("a", "10.0.0.1"))
    directory.link("seen/a.yaml", to: "../real/a.yaml")
    let watch = try ManifestWatch(["\(directory.path)/seen"], interval: .seconds(3600))
    await expect(["a 10.0.0.1"], watch.snapshots)
    directory.write("real/a.new", serviceText("a", "10.0.0.2"))
    directory.rename("real/a.new", "real/a.yaml")
    await expect(["a 10.0.0.2"], watch.snapshots)
    // Nothing but the arrival is to be heard of a file that was written where nobody listens.
    directory.rename("elsewhere/b.yaml", "seen/b.yaml")
    await expect(["a 10.0.0.2", "b 10.0.0.7"], watch.snapshots)
  }
}
