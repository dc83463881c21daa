internal import Announcer
internal import LinuxSystem
internal import Logging
internal import RawSocket
internal import Synchronization
internal import Time
internal import Wire

/// Lines about single addresses: one each while they are few.
extension EventLog {
  func gained(_ links: [IPAddress: [String]]) {
    each(links.keys, .gained) { ["interfaces": "\(links[$0]!.sorted().joined(separator: ","))"] }
  }

  func lost(_ reasons: [IPAddress: String]) {
    each(reasons.keys, .lost) { ["reason": "\(reasons[$0]!)"] }
  }

  /// The end: what waits for its line has it now.
  func silenced(_ addresses: Set<IPAddress>) {
    tellRests(at: .now, all: true)
    each(addresses, .lost) { _ in ["reason": "shutting down"] }
    tellRests(at: .now, all: true)
  }

  private func each(
    _ addresses: some Collection<IPAddress>, _ kind: AddressLine,
    _ details: (IPAddress) -> Logger.Metadata
  ) {
    let sorted = addresses.sorted()
    guard sorted.count > Self.limit else {
      for address in sorted {
        write(
          kind, about: "\(address)",
          ["address": "\(address)"].merging(details(address)) { $1 })
      }
      return
    }
    write(
      kind, sorted.count, about: "\(sorted[sorted.count - 1])",
      [
        "addresses": "\(sorted.count)", "first": "\(sorted[0])",
        "last": "\(sorted[sorted.count - 1])",
      ].merging(details(sorted[0])) { $1 })
  }

  func announced(_ claim: Claim, _ link: String, frames: Int, isNews: Bool) {
    let metadata: Logger.Metadata = [
      "address": "\(claim.address)", "interface": "\(link)", "frames": "\(frames)",
    ]
    guard isNews else { return logger.debug("announced", metadata: metadata) }
    write(.announced, about: "\(claim.address)", metadata)
  }

  func notAnnounced(_ claim: Claim, _ link: String, _ reason: String) {
    write(
      .notAnnounced, about: "\(claim.address)",
      ["address": "\(claim.address)", "interface": "\(link)", "reason": "\(reason)"])
  }

  /// Writes a line, or counts it where there were many of its kind just now.
  ///
  /// - Parameters:
  ///   - count: how many things the line is about.
  ///   - subject: the last of them.
  func write(
    _ kind: AddressLine, _ count: Int = 1, about subject: String, _ metadata: Logger.Metadata
  ) {
    let now = Instant.now
    tellRests(at: now)
    if lines.admits(kind, count, subject, at: now) {
      logger.log(level: kind.level, "\(kind.rawValue)", metadata: metadata)
    }
  }

  /// Writes the line about all that had none, once it is due.
  ///
  /// - Parameter all: also where it is not due.
  /// - Returns: when to call again.
  @discardableResult
  func tellRests(at now: Instant, all: Bool = false) -> Instant {
    for rest in lines.takeRests(at: now, all: all) {
      logger.log(
        level: rest.kind.level, "\(rest.kind.rawValue): more, without lines of their own",
        metadata: [
          "count": "\(rest.count)", "latest": "\(rest.latest)", "see": "announcer status",
        ])
    }
    return lines.nextDue
  }
}

/// What lines about single addresses, or Services, say.
enum AddressLine: String, Sendable {
  case gained
  case lost
  case announced
  case notAnnounced = "not announced"
  case decided = "a Service's addresses were decided"
  case wishes = "the cluster's wishes changed"

  var level: Logger.Level { self == .notAnnounced ? .warning : .info }
}

/// The lines that were written lately, by whichever part of the daemon.
final class AddressLines: Sendable {
  private let allowance = Mutex(LineAllowance<AddressLine, String>())

  func admits(_ kind: AddressLine, _ count: Int, _ subject: String, at now: Instant) -> Bool {
    allowance.withLock { $0.admits(kind, count: count, subject, at: now) }
  }

  func takeRests(at now: Instant, all: Bool) -> [LineAllowance<AddressLine, String>.Rest] {
    allowance.withLock { $0.takeRests(at: now, all: all) }
  }

  var nextDue: Instant { allowance.withLock { $0.nextDue } }
}
