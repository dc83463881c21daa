internal import CLinux
internal import Glibc
package import LinuxSystem

/// Goes to a file as the kernel does, through every directory and symbolic link, and takes down what it finds.
///
/// Source: path_resolution(7).
package enum PathWalk {
  /// As the kernel has it (`MAXSYMLINKS`).
  private static let mostLinks = 40

  /// All directories on the way, each once, and the file last; links are followed and are no steps.
  ///
  /// - Parameter path: absolute.
  /// - Throws: where the way ends for the user that asks.
  package static func steps(to path: String) throws(SystemError) -> [PathStep] {
    var left = path.split(separator: "/").map(String.init)[...]
    var here = ""
    var steps = [try step("/", try status(of: "/"))]
    var links = 0
    while let name = left.popFirst() {
      if name == "." { continue }
      if name == ".." {
        here = here.lastIndex(of: "/").map { String(here[..<$0]) } ?? ""
        continue
      }
      let next = "\(here)/\(name)"
      let status = try status(of: next)
      if status.st_mode & S_IFMT == S_IFLNK {
        links += 1
        guard links <= mostLinks else {
          throw SystemError(call: "open", subject: path, code: ELOOP)
        }
        let target = try target(of: next)
        if target.hasPrefix("/") { here = "" }
        left = target.split(separator: "/").map(String.init) + left
        continue
      }
      here = next
      let step = try step(here, status)
      if !steps.contains(where: { $0.path == here }) { steps.append(step) }
    }
    return steps
  }

  private static func status(of path: String) throws(SystemError) -> stat {
    var status = stat()
    try systemCall("open", path) { unsafe lstat(path, &status) }
    return status
  }

  private static func step(_ path: String, _ status: stat) throws(SystemError) -> PathStep {
    PathStep(
      path: path, mode: status.st_mode & 0o777, owner: status.st_uid, group: status.st_gid,
      isDirectory: status.st_mode & S_IFMT == S_IFDIR,
      accessList: accessList(of: path))
  }

  private static func accessList(of path: String) -> PathStep.Listed {
    var octets = [UInt8](repeating: 0, count: 4096)
    let count = unsafe getxattr(path, "system.posix_acl_access", &octets, octets.count)
    // ENODATA: there is none; EOPNOTSUPP: this file system has none.
    if count < 0 { return errno == ERANGE ? .unreadable : .none }
    return AccessList(octets: Array(octets.prefix(count))).map { .list($0) } ?? .unreadable
  }

  private static func target(of link: String) throws(SystemError) -> String {
    var octets = [CChar](repeating: 0, count: 4096)
    let count = try systemCall("readlink", link) {
      unsafe readlink(link, &octets, octets.count)
    }
    return String(decoding: octets.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
