internal import Announcer
internal import Control
internal import FrameText
internal import Netlink
internal import Wire

/// Where a capture listens, and for whom.
struct CaptureScope: CustomStringConvertible {
  let links: [String]
  let interest: CaptureInterest
  let description: String

  /// More addresses are only counted.
  private static let named = 3

  /// Asks the daemon for what the command line leaves open; where there is none, all counts.
  init(_ command: CaptureCommand) async throws {
    let isOpen = command.addresses.isEmpty && !command.all
    let status = isOpen || command.interface.isEmpty ? Self.status(command, isOpen) : nil
    let addresses: [IPAddress]
    if isOpen {
      addresses = (status?.addresses ?? []).compactMap { IPAddress($0.address) }
      if status != nil && addresses.isEmpty {
        CommandFailure.writeToStandardError(
          "announcer: the daemon has no addresses: all ARP and NDP is shown")
      }
    } else {
      addresses = command.addresses.compactMap { IPAddress($0) }
    }
    interest = CaptureInterest(addresses: addresses.isEmpty ? nil : Set(addresses))
    links = try await Self.links(command.interface, status)
    var text = "\(links.joined(separator: ", ")) for "
    if addresses.isEmpty {
      text += "all ARP and NDP"
    } else {
      text += addresses.prefix(Self.named).map(\.description).joined(separator: ", ")
      let rest = addresses.count - Self.named
      if rest > 0 { text += " and \(rest) more" }
    }
    description = text
  }

  private static func status(_ command: CaptureCommand, _ isOpen: Bool) -> Status? {
    do {
      return try command.socket.ask(.status).status
    } catch {
      if isOpen, let failure = error as? CommandFailure {
        CommandFailure.writeToStandardError(
          "announcer: \(failure.message); all ARP and NDP is shown")
      }
      return nil
    }
  }

  /// Those that were named, or on which the daemon announces, or on which one could.
  private static func links(_ names: [String], _ status: Status?) async throws -> [String] {
    if names.isEmpty, let status {
      let active = status.interfaces.filter { $0.state == .active }.map(\.name)
      if !active.isEmpty { return active }
    }
    let all: [Link]
    do {
      all = try await currentLinks()
    } catch {
      throw CommandFailure("cannot list the interfaces: \(error)")
    }
    if let missing = names.first(where: { name in !all.contains { $0.name == name } }) {
      throw CommandFailure(
        "there is no interface '\(missing)'; there are "
          + all.map(\.name).joined(separator: ", "))
    }
    if let bare = names.first(where: { name in
      all.contains { $0.name == name && $0.hardwareAddress?.isStation != true }
    }) {
      throw CommandFailure("'\(bare)' has no Ethernet address: there is no ARP or NDP on it")
    }
    if !names.isEmpty { return names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
    let usable = InterfaceSelection(patterns: [], links: all).verdicts
      .filter { $0.state == .active }.map(\.name)
    guard !usable.isEmpty else {
      throw CommandFailure("no interface is up that could announce; name one with --interface")
    }
    return usable
  }
}
