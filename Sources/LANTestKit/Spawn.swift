internal import CLinux
internal import Glibc
internal import LinuxSystem

/// A pipe whose ends are not inherited by children.
struct Pipe: ~Copyable {
  let reader: Descriptor
  let writer: Descriptor

  init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    try systemCall("pipe2") { unsafe pipe2(&ends, O_CLOEXEC) }
    reader = Descriptor(owning: ends[0])
    writer = Descriptor(owning: ends[1])
  }

  /// Closes the writing end and gives the reading end away.
  consuming func releaseReader() -> Int32 { reader.release() }
}

/// Starts `arguments[0]` (`posix_spawnp(3)`) with the given descriptors as its output, /dev/null as
/// its input, and signals as a shell would leave them.
func spawnProcess(
  _ arguments: [String], environment additions: [String: String], output: Int32, error: Int32
) throws(SystemError) -> pid_t {
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
  unsafe posix_spawn_file_actions_adddup2(&actions, error, 2)
  // The sockets of an event loop are inherited unless somebody closes them: a connection that a test's own
  // server has closed would stay open in the child, and its port taken.
  // Of what is beyond the usual limit nothing is known, and closing what is not open does no harm.
  for number in 3..<1024 as Range<Int32> {
    unsafe posix_spawn_file_actions_addclose(&actions, number)
  }

  var attributes = posix_spawnattr_t()
  unsafe posix_spawnattr_init(&attributes)
  defer { unsafe posix_spawnattr_destroy(&attributes) }
  var defaults = sigset_t()
  unsafe sigfillset(&defaults)
  var none = sigset_t()
  unsafe sigemptyset(&none)
  unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
  unsafe posix_spawnattr_setsigmask(&attributes, &none)
  // A group of its own: Ctrl-C in the terminal goes to the test, which then ends its children.
  unsafe posix_spawnattr_setpgroup(&attributes, 0)
  unsafe posix_spawnattr_setflags(
    &attributes,
    Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))

  let variables = currentEnvironment().merging(additions) { $1 }.map { "\($0)=\($1)" }
  var pid = pid_t()
  let code = unsafe withCStrings(arguments) { argv in
    unsafe withCStrings(variables) { envp in
      unsafe posix_spawnp(&pid, argv[0]!, &actions, &attributes, argv, envp)
    }
  }
  guard code == 0 else {
    throw SystemError(call: "posix_spawn", subject: arguments.first ?? "", code: code)
  }
  return pid
}

/// Our environment, with the directories on PATH where Debian keeps `ip`, `arping` and `tcpdump`.
private func currentEnvironment() -> [String: String] {
  var variables: [String: String] = [:]
  var entry = unsafe environ
  while let text = unsafe entry.pointee {
    let parts = unsafe String(cString: text).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
    unsafe entry += 1
  }
  variables["PATH", default: "/usr/bin:/bin"] += ":/usr/sbin:/sbin"
  variables["LC_ALL"] = "C"
  return variables
}

/// Calls `body` with a NULL-terminated vector of C strings.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
  unsafe pointers.append(nil)
  defer {
    while unsafe !pointers.isEmpty { unsafe free(pointers.removeLast()) }
  }
  return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
}
