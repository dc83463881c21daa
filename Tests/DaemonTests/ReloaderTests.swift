import Configuration
import Control
import Testing

@testable import Daemon

/// Taking the configuration file over again.
@Suite struct ReloaderTests {
  private static func finding(_ node: String, number: UInt64?) throws -> FileLook.Finding {
    FileLook.Finding(
      outcome: .success(
        try Configuration.parse("node: \(node)\n", file: "a.yaml", hostName: "host-1")),
      stamp: nil, number: number)
  }

  private static func reloader(_ mailbox: Mailbox, _ look: FileLook) -> Reloader {
    Reloader(
      file: "a.yaml", look: look, notifier: ServiceNotifier(environment: [:]), mailbox: mailbox,
      version: "1")
  }

  /// A look that was slow must not bring an older file back.
  @Test func theOlderOfTwoFindingsIsLeftOut() throws {
    let mailbox = Mailbox()
    let reloader = Self.reloader(mailbox, FileLook("a.yaml"))
    reloader.post(try Self.finding("newer", number: 2))
    reloader.post(try Self.finding("older", number: 1))
    #expect(try mailbox.take().configuration?.get().node == "newer")
    reloader.post(try Self.finding("newest", number: 3))
    #expect(try mailbox.take().configuration?.get().node == "newest")
  }

  /// systemd waits for the end of each reload, so that one ends whose file system hangs.
  @Test func aFileThatHangsIsRefused() async throws {
    let mailbox = Mailbox()
    let gate = DispatchGate()
    let found = try Self.finding("late", number: nil)
    let look = FileLook { _ in
      gate.wait()
      return found
    }
    let reloader = Self.reloader(mailbox, look)
    async let answer = reloader.reload(within: .milliseconds(20))
    var result: Result<Configuration, ConfigurationFailure>?
    for await _ in mailbox.signals {
      let mail = mailbox.take()
      result = result ?? mail.configuration
      for case .tell(let answer) in mail.commands { answer.resume(returning: nil) }
      if result != nil { break }
    }
    mailbox.close()
    gate.open()
    #expect(await answer.error == "this announcer is shutting down")
    guard case .failure(let failure) = result else {
      Issue.record("the file is in force")
      return
    }
    #expect(failure.description == "a.yaml: could not be read in time")
  }
}
