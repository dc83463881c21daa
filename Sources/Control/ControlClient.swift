internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Time

/// Asks a running daemon, and says in one line what is the matter where that fails.
package struct ControlClient: Sendable {
  package let path: String
  /// This program's version.
  package let version: String
  /// For the whole exchange.
  package let timeout: Duration

  package struct Reply: Sendable {
    package let response: Response
    /// That the daemon is of another version, for standard error; nil where it is not.
    package let note: String?
  }

  /// 10,000 addresses take 4 MiB; beyond this, what answers is no announcer.
  private static let longestAnswer = 256 << 20

  package init(path: String, version: String, timeout: Duration = .seconds(5)) {
    self.path = path
    self.version = version
    self.timeout = timeout
  }

  /// Sends the command and waits for the answer. Blocks the calling thread, at most for `timeout`.
  package func ask(
    _ command: Request.Command, address: String? = nil, to node: String? = nil
  ) throws(ControlFailure) -> Reply {
    let deadline = Instant.now + timeout
    let descriptor = try connected()
    let request = Request(version: version, command: command, address: address, to: node)
    let octets: [UInt8]
    do throws(SystemError) {
      octets = try exchange(
        JSON.line(request) + [UInt8(ascii: "\n")], over: descriptor.rawValue, deadline)
    } catch {
      switch error.code {
      case ETIMEDOUT:
        let who = peerProcess(of: descriptor.rawValue).map { " (pid \($0))" } ?? ""
        throw ControlFailure(
          .silent, "the announcer at \(path)\(who) did not answer within \(seconds)")
      case EMSGSIZE: throw garbled(descriptor.rawValue)
      default: throw ControlFailure(.obstructed, "\(path): \(error)")
      }
    }
    return try reply(from: octets, over: descriptor.rawValue)
  }

  private var seconds: String {
    let milliseconds = timeout.nanoseconds / 1_000_000
    return milliseconds.isMultiple(of: 1000) ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }

  /// The answer, with what can be read of it where the daemon is of another version.
  private func reply(
    from octets: [UInt8], over descriptor: Int32
  ) throws(ControlFailure) -> Reply {
    if octets.isEmpty {
      throw ControlFailure(
        .silent, "the announcer at \(path) ended the connection without an answer")
    }
    guard let response = JSON.decode(Response.self, from: octets) else {
      if octets.last != UInt8(ascii: "\n"), octets.first == UInt8(ascii: "{") {
        throw ControlFailure(
          .garbled, "the announcer at \(path) ended the connection in the middle of its answer")
      }
      throw garbled(descriptor)
    }
    let isOther = response.version != version
    let versions = "the announcer at \(path) is version \(response.version), this is \(version)"
    if let error = response.error {
      throw ControlFailure(
        .refused, "the announcer says: \(error)\(isOther ? " (\(versions))" : "")")
    }
    if response.status == nil, response.explanation == nil, response.handover == nil,
      response.cluster == nil, response.pools == nil, response.comparison == nil
    {
      throw ControlFailure(
        .garbled,
        isOther ? "\(versions), and its answer is not understood" : "\(path): an empty answer")
    }
    return Reply(
      response: response,
      note: isOther ? "\(printable(versions)): some of this may be missing" : nil)
  }

  private func garbled(_ descriptor: Int32) -> ControlFailure {
    let who = peerProcess(of: descriptor).map { " (pid \($0))" } ?? ""
    return ControlFailure(.garbled, "what serves \(path)\(who) does not speak as an announcer")
  }

  private func connected() throws(ControlFailure) -> Descriptor {
    guard let address = UnixAddress(path: path) else {
      throw ControlFailure(.obstructed, "\(path): the path is empty or too long for a socket")
    }
    do throws(SystemError) {
      let descriptor = Descriptor(
        owning: try systemCall("socket") { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) })
      makeNonblocking(descriptor.rawValue)
      try systemCall("connect", path) {
        unsafe address.withPointer { unsafe connect(descriptor.rawValue, $0, $1) }
      }
      return descriptor
    } catch {
      throw explanation(of: error)
    }
  }

  /// What a refused connection means to people.
  private func explanation(of error: SystemError) -> ControlFailure {
    let remedy =
      "start it with `systemctl start announcer`; where that fails, `announcer check` says why"
    var status = stat()
    let isThere = unsafe stat(path, &status) == 0
    switch error.code {
    case ECONNREFUSED where isThere && status.st_mode & S_IFMT != S_IFSOCK:
      return ControlFailure(.obstructed, "\(path) is not a socket")
    case ECONNREFUSED:
      return ControlFailure(
        .notRunning, "no announcer is running here (\(path): nothing listens): \(remedy)")
    case ENOENT, ENOTDIR:
      if let process = LockHolder.process(ofSocket: path) {
        return ControlFailure(
          .obstructed,
          "an announcer is running here (pid \(process)), but its socket \(path) was removed: "
            + "`systemctl restart announcer` makes it again")
      }
      return ControlFailure(
        .notRunning, "no announcer is running here (\(path): no such file): \(remedy)")
    case EACCES, EPERM:
      let group = isThere ? groupName(status.st_gid) : directoryGroup()
      let who = group.map { "members of the group `\($0)`" } ?? "its group"
      return ControlFailure(
        .denied, "permission denied for \(path): only root and \(who) may ask")
    case EAGAIN:
      return ControlFailure(.silent, "the announcer at \(path) is busy: too many ask at once")
    default: return ControlFailure(.obstructed, "\(path): \(error)")
    }
  }

  private func directoryGroup() -> String? {
    guard let slash = path.lastIndex(of: "/") else { return nil }
    var status = stat()
    guard unsafe stat(String(path[..<slash]), &status) == 0 else { return nil }
    return groupName(status.st_gid)
  }

  private func groupName(_ group: gid_t) -> String {
    guard let entry = unsafe getgrgid(group), let name = unsafe entry.pointee.gr_name else {
      return String(group)
    }
    return unsafe String(cString: name)
  }

  /// Sends `request` and reads to the end. Reading goes on where sending fails: a daemon that
  /// refuses a request early has said why.
  private func exchange(
    _ request: [UInt8], over descriptor: Int32, _ deadline: Instant
  ) throws(SystemError) -> [UInt8] {
    var output = request[...]
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let left = (deadline - Instant.now).nanoseconds
      guard left > 0 else { throw SystemError(call: "poll", code: ETIMEDOUT) }
      var state = pollfd(
        fd: descriptor, events: Int16(output.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0)
      _ = unsafe poll(&state, 1, Int32(clamping: left / 1_000_000 + 1))
      if !output.isEmpty, state.revents & Int16(POLLOUT) != 0 {
        let count = unsafe output.withUnsafeBytes {
          unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count > 0 {
          output = output.dropFirst(count)
        } else if errno != EAGAIN && errno != EINTR {
          output = []
        }
      }
      guard state.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 else { continue }
      let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
      if count == 0 { return answer }
      if count < 0 {
        if errno == EAGAIN || errno == EINTR { continue }
        // A reset after the answer is how a daemon in a hurry ends.
        if errno == ECONNRESET { return answer }
        throw SystemError(call: "recv", code: errno)
      }
      answer += buffer[..<count]
      if answer.count > Self.longestAnswer { throw SystemError(call: "recv", code: EMSGSIZE) }
    }
  }
}
