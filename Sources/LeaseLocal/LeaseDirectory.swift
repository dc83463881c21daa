internal import CLinux
internal import FoundationEssentials
internal import Glibc
internal import Lease
internal import LinuxSystem

/// The directory that holds the files of sessions and claims.
struct LeaseDirectory: Sendable {
  let path: String

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes sure that the directory is there (created with mode 0750 where it is not) and can be
  /// written to; a failure says in one line which path and why.
  func prepare() throws(StoreFailure) {
    do throws(SystemError) {
      try create(path)
    } catch {
      throw Self.failure(error)
    }
    try examine()
  }

  /// Makes sure that the directory can be written to, where it is; changes nothing.
  func examine() throws(StoreFailure) {
    do throws(SystemError) {
      var status = stat()
      try systemCall("stat", path) { unsafe stat(path, &status) }
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw SystemError(call: "open", subject: path, code: ENOTDIR)
      }
      // Says EROFS too, for everybody, and EACCES for everybody but root.
      try systemCall("access", path) {
        unsafe faccessat(AT_FDCWD, path, R_OK | W_OK | X_OK, AT_EACCESS)
      }
    } catch {
      throw Self.failure(error)
    }
  }

  private static func failure(_ error: SystemError) -> StoreFailure {
    StoreFailure(.misconfigured, "the lease directory cannot be used: \(error)")
  }

  private func create(_ path: String) throws(SystemError) {
    do throws(SystemError) {
      try systemCall("mkdir", path) { unsafe mkdir(path, 0o750) }
    } catch {
      if error.code == EEXIST { return }
      let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
      guard error.code == ENOENT, !parent.isEmpty else { throw error }
      try create(parent)
      try systemCall("mkdir", path) { unsafe mkdir(path, 0o750) }
    }
  }

  /// The names of all files; empty where the directory is gone.
  func names() -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  }
}
