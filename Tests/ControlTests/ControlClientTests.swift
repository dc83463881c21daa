import CLinux
import Glibc
import LinuxSystem
import Testing

@testable import Control

struct ControlClientTests {
  private func failure(_ path: String) -> ControlFailure? {
    do throws(ControlFailure) {
      _ = try ControlClient(path: path, version: "2").ask(.status)
      return nil
    } catch {
      return error
    }
  }

  /// What the client makes of a server that answers `octets` and leaves.
  private func ask(answering text: String) async throws -> Result<
    ControlClient.Reply, ControlFailure
  > {
    let directory = TemporaryDirectory()
    let socket = try ControlSocket(path: directory.socket)
    let path = directory.socket
    let number = socket.fileDescriptor
    async let server: Void = withThread(named: "server") {
      var state = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&state, 1, 10_000)
      let client = accept(number, nil, nil)
      let octets = Array(text.utf8)
      _ = unsafe send(client, octets, octets.count, Int32(MSG_NOSIGNAL))
      var line = [UInt8](repeating: 0, count: 4096)
      _ = unsafe recv(client, &line, line.count, 0)
      close(client)
    }
    let result = await withThread(named: "client") {
      do throws(ControlFailure) {
        return Result<ControlClient.Reply, ControlFailure>.success(
          try ControlClient(path: path, version: "2").ask(.status))
      } catch {
        return .failure(error)
      }
    }
    await server
    socket.close()
    return result
  }

  private func message(answering text: String) async throws -> String {
    switch try await ask(answering: text) {
    case .success(let reply): "success: \(reply.note ?? "")"
    case .failure(let failure):
      failure.description.replacing(/\/tmp\/[^ ]*control.sock/, with: "SOCKET")
        .replacing("(pid \(getpid()))", with: "(pid N)")
    }
  }

  /// To start what runs already would not help.
  @Test func aSocketThatWasRemovedIsNotAnAnnouncerThatDoesNotRun() throws {
    let directory = TemporaryDirectory()
    let socket = try ControlSocket(path: directory.socket)
    #expect(unsafe unlink(directory.socket) == 0)
    #expect(
      failure(directory.socket)?.description
        == "an announcer is running here (pid \(getpid())), but its socket \(directory.socket) was "
        + "removed: `systemctl restart announcer` makes it again")
    socket.close()
    #expect(failure(directory.socket)?.kind == .notRunning)
  }

  @Test func aLockIsKnownByItsProcessAndItsFile() {
    let table =
      "1: POSIX  ADVISORY  WRITE 7 00:1b:11 0 EOF\n2: FLOCK  ADVISORY  WRITE 7 00:1b:12 0 EOF\n"
    #expect(LockHolder.holds(7, inode: 12, in: table))
    #expect(!LockHolder.holds(8, inode: 12, in: table))
    #expect(!LockHolder.holds(7, inode: 2, in: table))
    #expect(!LockHolder.holds(7, inode: 11, in: table))
    #expect(!LockHolder.holds(7, inode: 12, in: "2: -> FLOCK  ADVISORY  WRITE 7 00:1b:12 0 EOF"))
  }

  @Test func whereNobodyServesItSaysHowToStart() throws {
    let directory = TemporaryDirectory()
    let missing = failure(directory.socket)
    #expect(missing?.kind == .notRunning)
    #expect(
      missing?.description
        == "no announcer is running here (\(directory.socket): no such file): "
        + "start it with `systemctl start announcer`; where that fails, `announcer check` says why")
    let stale = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let address = try #require(UnixAddress(path: directory.socket))
    _ = unsafe address.withPointer { unsafe bind(stale, $0, $1) }
    close(stale)
    #expect(
      failure(directory.socket)?.description
        == "no announcer is running here (\(directory.socket): nothing listens): "
        + "start it with `systemctl start announcer`; where that fails, `announcer check` says why")
  }

  @Test func whatIsNoSocketIsNamed() {
    #expect(failure("/etc/hostname")?.description == "/etc/hostname is not a socket")
    #expect(failure("")?.kind == .obstructed)
  }

  @Test func theAnswersOfOthersAreTold() async throws {
    #expect(
      try await message(answering: "HTTP/1.1 400 Bad Request\r\n\r\n")
        == "what serves SOCKET (pid N) does not speak as an announcer")
    #expect(
      try await message(answering: "")
        == "the announcer at SOCKET ended the connection without an answer")
    #expect(
      try await message(answering: #"{"version":"2","status":{"node":"#)
        == "the announcer at SOCKET ended the connection in the middle of its answer")
    #expect(
      try await message(answering: #"{"version":"2","error":"no\u001b such thing"}"#)
        == "the announcer says: no\\u{1b} such thing")
    #expect(try await message(answering: #"{"version":"2"}"#) == "SOCKET: an empty answer")
  }

  @Test func aDaemonOfAnotherVersionIsShownAsFarAsItIsUnderstood() async throws {
    let reply = try await ask(
      answering: #"{"version":"3","status":{"node":"n","addresses":7},"more":[]}"# + "\n"
    ).get()
    #expect(reply.response.status?.node == "n")
    #expect(reply.note?.hasSuffix("is version 3, this is 2: some of this may be missing") == true)
    #expect(
      try await message(answering: #"{"version":"3","state":[]}"#)
        == "the announcer at SOCKET is version 3, this is 2, and its answer is not understood")
    #expect(
      try await message(answering: #"{"version":"3","error":"what?"}"#)
        == "the announcer says: what? (the announcer at SOCKET is version 3, this is 2)")
  }

  /// Root may open everything, so a thread gives up being root for itself alone: credentials belong
  /// to threads in Linux, and only libc's wrappers carry them over to all.
  @Test(.enabled(if: geteuid() == 0, "needs root to stop being root"))
  func whoMayNotAskIsToldWhoMay() async throws {
    let directory = TemporaryDirectory()
    let server = try ControlSocket(path: directory.socket)
    defer { server.close() }
    let path = directory.socket
    // Into the directory everybody may go; to the socket only root and a group that we are not in.
    _ = unsafe chmod(directory.path, 0o755)
    _ = unsafe chown(path, 0, 1)
    let failure = await withThread(named: "nobody") { () -> ControlFailure? in
      guard setThreadUser(65_534) else { return nil }
      return self.failure(path)
    }
    #expect(failure?.kind == .denied)
    #expect(
      failure?.description
        == "permission denied for \(path): only root and members of the group `daemon` may ask")
  }
}

/// `setfsuid(2)`: the user for the file system, of the calling thread only; connecting to a path is
/// checked against it. Dropping it to a user takes the capabilities over files away.
private func setThreadUser(_ user: uid_t) -> Bool {
  setfsuid(user)
  return setfsuid(.max) == Int32(user)
}
