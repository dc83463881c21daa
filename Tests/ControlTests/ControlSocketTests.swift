import CLinux
import Glibc
import Synchronization
import Testing

@testable import Control

struct ControlSocketTests {
  private func failure(_ path: String) -> String? {
    do throws(ControlFailure) {
      _ = try ControlSocket(path: path)
      return nil
    } catch {
      return error.description
    }
  }

  /// A socket somebody else bound; nil makes it a file left behind.
  private func foreignSocket(_ path: String, listens: Bool) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let address = try #require(UnixAddress(path: path))
    try #require(unsafe address.withPointer { unsafe bind(descriptor, $0, $1) } == 0)
    if listens { listen(descriptor, 1) }
    return descriptor
  }

  @Test func aSecondDaemonIsRefusedAndToldWhoServes() throws {
    let directory = TemporaryDirectory()
    let first = try ControlSocket(path: directory.socket)
    let message =
      "control socket \(directory.socket) is served by another announcer (pid \(getpid()))"
    #expect(failure(directory.socket) == message)
    // Even where its socket's file is gone, the lock tells.
    _ = unsafe unlink(directory.socket)
    #expect(failure(directory.socket) == message)
    first.close()
    #expect(failure(directory.socket) == nil)
  }

  @Test func aServerWithoutALockIsRespectedToo() throws {
    let directory = TemporaryDirectory()
    let foreign = try foreignSocket(directory.socket, listens: true)
    defer { close(foreign) }
    #expect(failure(directory.socket)?.hasSuffix("another announcer (pid \(getpid()))") == true)
    #expect(unsafe access(directory.socket, F_OK) == 0)
  }

  @Test func aSocketLeftBehindIsReplaced() throws {
    let directory = TemporaryDirectory()
    close(try foreignSocket(directory.socket, listens: false))
    #expect(unsafe access(directory.socket, F_OK) == 0)
    let mine = try ControlSocket(path: directory.socket)
    _ = try RawClient(directory.socket)
    mine.close()
    #expect(unsafe access(directory.socket, F_OK) != 0)
  }

  @Test(arguments: ["file", "link", "directory"])
  func whatIsNoSocketIsNeverRemoved(kind: String) {
    let directory = TemporaryDirectory()
    switch kind {
    case "file": close(unsafe open(directory.socket, O_CREAT | O_WRONLY, 0o600))
    case "link": _ = unsafe symlink("/nonexistent", directory.socket)
    default: _ = unsafe mkdir(directory.socket, 0o700)
    }
    #expect(
      failure(directory.socket)
        == "control socket \(directory.socket): something that is not a socket is there; "
        + "remove it, or set `control.socket` to another path")
    var status = stat()
    #expect(unsafe lstat(directory.socket, &status) == 0)
    _ = unsafe rmdir(directory.socket)
  }

  @Test func whatIsNotOursAnyMoreStays() throws {
    let directory = TemporaryDirectory()
    let mine = try ControlSocket(path: directory.socket)
    _ = unsafe unlink(directory.socket)
    let foreign = try foreignSocket(directory.socket, listens: true)
    defer { close(foreign) }
    mine.close()
    #expect(unsafe access(directory.socket, F_OK) == 0)
  }

  @Test func ofManyStartersExactlyOneWins() async {
    let directory = TemporaryDirectory()
    let path = directory.socket
    close((try? foreignSocket(path, listens: false)) ?? -1)
    let sockets = await withTaskGroup(of: ControlSocket?.self) { group in
      for _ in 0..<16 { group.addTask { try? ControlSocket(path: path) } }
      return await group.reduce(into: []) { all, socket in if let socket { all.append(socket) } }
    }
    #expect(sockets.count == 1)
    #expect((try? RawClient(path)) != nil)
  }

  @Test func aPathThatCannotBeSaysWhy() {
    let long = "/" + String(repeating: "x", count: 107)
    #expect(
      failure(long) == "control socket \(long): the path has 108 octets, 1 to 107 fit")
    #expect(
      failure("/nonexistent/a/control.sock")
        == "control socket /nonexistent/a/control.sock: mkdir /nonexistent/a: "
        + "No such file or directory (ENOENT 2)")
  }
}
