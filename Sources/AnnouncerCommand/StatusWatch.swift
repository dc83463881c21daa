internal import Control
internal import FoundationEssentials
internal import Glibc
internal import LinuxSystem
internal import Synchronization
internal import Time
internal import UnixSignals

/// `announcer status --watch`: asks the daemon again and again, and shows what it says.
struct StatusWatch: Sendable {
  let socket: String
  let interval: Duration
  let output: OutputFormat

  /// Until somebody ends it, or nobody reads any more.
  func run() async throws(CommandFailure) {
    let inbox: WatchInbox
    do throws(SystemError) {
      inbox = try WatchInbox()
    } catch {
      throw CommandFailure("\(error)")
    }
    let signals = await UnixSignalsSequence(
      trapping: .sigint, .sigterm, .sighup, .sigwinch, .sigcont)
    let listening = Task {
      for await signal in signals {
        inbox.post(signal == .sigwinch || signal == .sigcont ? .screenChanged : .quit)
      }
    }
    defer { listening.cancel() }
    startThread(named: "ask") { ask(inbox) }
    let environment = ProcessInfo.processInfo.environment
    let isScreen = isatty(1) == 1 && environment["TERM"] != "dumb" && output == .text
    await withThread(named: "watch") {
      if isScreen {
        WatchTerminal(inbox: inbox).run(
          hasColours: TerminalStyle(environment: environment).hasColours)
      } else {
        print(inbox, TerminalStyle(environment: environment))
      }
      inbox.stop.raise()
    }
  }

  /// Asks until the end, on a thread of its own: an answer of ten thousand addresses takes a while to
  /// read, and a daemon that hangs takes seconds to be given up.
  private func ask(_ inbox: WatchInbox) {
    let client = ControlClient(path: socket, version: announcerVersion)
    while true {
      let event: WatchInbox.Event
      do throws(ControlFailure) {
        let reply = try client.ask(.status)
        event = reply.response.status.map { .status($0, note: reply.note) } ?? .trouble("no status")
      } catch {
        event = .trouble(error.description)
      }
      inbox.post(event)
      var descriptor = pollfd(fd: inbox.stop.fileDescriptor, events: Int16(POLLIN), revents: 0)
      let milliseconds = Int32(clamping: interval.nanoseconds / 1_000_000)
      if unsafe poll(&descriptor, 1, milliseconds) > 0 { return }
    }
  }

  /// For files and pipes: a document for each answer. That there is none is said once.
  private func print(_ inbox: WatchInbox, _ style: TerminalStyle) {
    var isTroubled = false
    while true {
      for event in inbox.wait(for: []).events {
        switch event {
        case .quit: return
        case .screenChanged: break
        case .status(let status, let note):
          if let note, !isTroubled { CommandFailure.writeToStandardError("announcer: \(note)") }
          isTroubled = false
          let octets =
            output == .json
            ? JSON.line(status) + [UInt8(ascii: "\n")]
            : Array("\(StatusText.render(status, now: .now, style: style))\n".utf8)
          do throws(SystemError) {
            try writeToStandardOutput(octets)
          } catch {
            if error.code != EPIPE { CommandFailure.writeToStandardError("announcer: \(error)") }
            return
          }
        case .trouble(let text):
          if !isTroubled {
            CommandFailure.writeToStandardError(
              "announcer: no daemon since \(WallTime.now), retrying: \(text)")
          }
          isTroubled = true
        }
      }
    }
  }
}
