import Glibc
import Testing

@testable import Manifests

struct ChangeWatchTests {
  private func isReadable(_ watch: ChangeWatch) -> Bool {
    var descriptor = pollfd(fd: watch.fileDescriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&descriptor, 1, 0) == 1
  }

  /// What happened before a directory was watched must be looked for, so it says that it was not.
  @Test func aDirectoryIsNewOnce() throws {
    let directory = TemporaryDirectory()
    directory.makeDirectory("a")
    let watch = try ChangeWatch()
    #expect(watch.watch([directory.path]))
    #expect(!watch.watch([directory.path, "\(directory.path)/nobody"]))
    #expect(watch.watch([directory.path, "\(directory.path)/a"]))
    #expect(!watch.watch(["\(directory.path)/a"]))
    // The same name, another directory.
    directory.rename("a", "b")
    directory.makeDirectory("a")
    #expect(watch.watch(["\(directory.path)/a"]))
  }

  @Test func onlyWhatIsWatchedWakes() throws {
    let directory = TemporaryDirectory()
    directory.makeDirectory("a")
    let watch = try ChangeWatch()
    _ = watch.watch(["\(directory.path)/a"])
    directory.write("x.yaml", "")
    #expect(!isReadable(watch))
    directory.rename("x.yaml", "a/x.yaml")
    #expect(isReadable(watch))
    watch.drain()
    #expect(!isReadable(watch))
    _ = watch.watch([])
    watch.drain()
    directory.remove("a/x.yaml")
    #expect(!isReadable(watch))
  }
}
