internal import CLinux
internal import Glibc

/// What this process uses of the machine.
package struct ProcessUsage: Hashable, Sendable {
  /// Of user and system, in seconds (`clock_gettime(2)`, CLOCK_PROCESS_CPUTIME_ID).
  package var processorTime: Double
  /// `proc_pid_statm(5)`.
  package var residentOctets: Int
  package var openFiles: Int

  /// - Throws: `SystemError` where `/proc` is not to be read.
  package static func current() throws(SystemError) -> ProcessUsage {
    var time = timespec()
    try systemCall("clock_gettime", "CLOCK_PROCESS_CPUTIME_ID") {
      unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    }
    let statistics = try contentOfRegularFile("/proc/self/statm", atMost: 4096)
    let pages = String(decoding: statistics, as: UTF8.self).split(separator: " ")
      .dropFirst().first.flatMap { Int($0) }
    return ProcessUsage(
      processorTime: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9,
      residentOctets: (pages ?? 0) * sysconf(Int32(_SC_PAGESIZE)),
      openFiles: try openFileCount())
  }

  private static func openFileCount() throws(SystemError) -> Int {
    let path = "/proc/self/fd"
    // Since Linux 6.2 the directory's size is the number of its entries. Before, it is zero.
    var status = stat()
    try systemCall("stat", path) { unsafe stat(path, &status) }
    if status.st_size > 0 { return Int(status.st_size) }
    guard let directory = unsafe opendir(path) else {
      throw SystemError(call: "opendir", subject: path, code: errno)
    }
    defer { unsafe closedir(directory) }
    var count = 0
    while unsafe readdir(directory) != nil { count += 1 }
    // Neither `.` and `..`, nor the descriptor that this took.
    return count - 3
  }
}
