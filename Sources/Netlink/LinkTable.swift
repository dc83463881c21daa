package import Announcer
internal import Wire

/// The node's links as the kernel's messages tell them, in the order of arrival (wire.md §4.2).
///
/// Pure: messages in, links out. It keeps what a single message cannot say: which life of an index
/// this is, and how often neighbours had reason to hear everything again (`Link.revision`).
package struct LinkTable: Sendable {
  private struct Entry {
    /// Without its addresses, which come by messages of their own.
    var link: Link
    var carrierUpCount: UInt32?
    var transmittedPackets: UInt64?
    /// Seen since the current listing began.
    var isConfirmed = true
    /// Messages were lost since the last word about this link: it may have died and come back.
    var isSuspect = false
  }

  /// What makes an address of a link the same one in two messages.
  private struct AddressKey: Hashable {
    let address: IPAddress
    let prefixLength: Int
    let peer: IPAddress?
  }

  private struct AddressState {
    var isTentative: Bool
    var isConfirmed = true
  }

  private var entries: [Int32: Entry] = [:]
  private var addresses: [Int32: [AddressKey: AddressState]] = [:]
  /// Deletions so far: between two lives of one index there is at least one, so that this number
  /// tells them apart without remembering every index that ever was.
  private var deletions: UInt32 = 0
  private var stale: Set<Int32> = []

  package init() {}

  /// All links by index, their addresses sorted.
  package var links: [Link] {
    entries.values.map { entry in
      var link = entry.link
      link.addresses = (addresses[link.id.index] ?? [:])
        .map {
          LinkAddress(
            address: $0.key.address, prefixLength: $0.key.prefixLength, peer: $0.key.peer,
            isTentative: $0.value.isTentative)
        }
        .sorted { ($0.address, $0.prefixLength) < ($1.address, $1.prefixLength) }
      return link
    }
    .sorted { $0.id.index < $1.id.index }
  }

  /// Links to ask the kernel about: `disable_ipv6` changes without a word about the link, but the
  /// addresses that come and go with it are announced.
  package mutating func takeStale() -> [Int32] {
    defer { stale = [] }
    return stale.sorted()
  }

  package mutating func apply(_ message: RouteMessage.Body) {
    switch message {
    case .newLink(let link): apply(link)
    // A release from a bridge is a DELLINK of family AF_BRIDGE; the link lives on.
    case .deleteLink(family: 0, let index): forget(index)
    case .newAddress(let address): add(address)
    case .deleteAddress(let address): remove(address)
    default: break
    }
  }

  /// Messages were lost: whatever comes next may speak of another life of a link.
  package mutating func suspectEverything() {
    for index in entries.keys { entries[index]?.isSuspect = true }
  }

  /// Before a listing: what it does not confirm is gone (`endListing()`).
  package mutating func beginListing() {
    for index in entries.keys { entries[index]?.isConfirmed = false }
    for index in addresses.keys {
      for key in addresses[index]!.keys { addresses[index]![key]!.isConfirmed = false }
    }
  }

  /// After a whole listing of links and addresses.
  package mutating func endListing() {
    for (index, entry) in entries where !entry.isConfirmed { forget(index) }
    for index in addresses.keys {
      addresses[index] = addresses[index]!.filter { $0.value.isConfirmed }
    }
  }

  private mutating func apply(_ message: LinkMessage) {
    guard message.family == 0, message.index > 0 else { return }
    if let entry = entries[message.index], entry.isSuspect, isAnotherLife(message, than: entry) {
      forget(message.index)
    }
    let old = entries[message.index]
    var link = Link(
      id: old?.link.id ?? LinkID(index: message.index, generation: deletions),
      name: message.name, hardwareType: message.hardwareType, flags: message.flags,
      operationalState: message.operationalState, kind: message.kind,
      hardwareAddress: message.hardwareAddress, masterIndex: message.masterIndex,
      parentIndex: message.parentIndex, takesFrom: message.takesFrom,
      hearsListedSendersOnly: message.hearsListedSendersOnly, revision: old?.link.revision ?? 0,
      isIPv6Disabled: message.isIPv6Disabled ?? old?.link.isIPv6Disabled ?? false,
      receivedWhenUp: old?.link.receivedWhenUp ?? 0)
    link.smallMTU = old?.link.smallMTU
    // Any other MTU changes nothing here.
    if let mtu = message.mtu { link.smallMTU = mtu < Link.leastMTUForIPv6 ? mtu : nil }
    if let old, neighboursMustHear(message, of: link, after: old) { link.revision &+= 1 }
    // A link that was there before us has come up once in its life, as far as we know.
    if let old, link.canCarry, !old.link.canCarry {
      link.receivedWhenUp = message.receivedPackets ?? link.receivedWhenUp
    }
    entries[message.index] = Entry(
      link: link, carrierUpCount: message.carrierUpCount ?? old?.carrierUpCount,
      transmittedPackets: message.transmittedPackets ?? old?.transmittedPackets)
  }

  private func neighboursMustHear(
    _ message: LinkMessage, of link: Link, after old: Entry
  ) -> Bool {
    if message.event != nil { return true }
    // The first message after "up" still says state down; the second one counts.
    if link.canCarry && !old.link.canCarry { return true }
    // A carrier that went and came back before the kernel spoke shows in its count alone.
    if link.canCarry, let now = message.carrierUpCount, let then = old.carrierUpCount, now != then {
      return true
    }
    // Not `ifi_change`, which says nothing of attributes.
    return link.hardwareAddress != old.link.hardwareAddress || link.name != old.link.name
  }

  /// Whether a link under the same index cannot be the one we knew: another type or kind, or a
  /// counter that ran backwards.
  private func isAnotherLife(_ message: LinkMessage, than old: Entry) -> Bool {
    if message.hardwareType != old.link.hardwareType || message.kind != old.link.kind {
      return true
    }
    if message.name != old.link.name && message.hardwareAddress != old.link.hardwareAddress {
      return true
    }
    if let now = message.carrierUpCount, let then = old.carrierUpCount, now < then { return true }
    if let now = message.transmittedPackets, let then = old.transmittedPackets, now < then {
      return true
    }
    return false
  }

  private mutating func forget(_ index: Int32) {
    if entries.removeValue(forKey: index) != nil { deletions &+= 1 }
    addresses[index] = nil
    stale.remove(index)
  }

  private mutating func add(_ message: AddressMessage) {
    let key = AddressKey(
      address: message.address, prefixLength: message.prefixLength, peer: message.peer)
    let before = addresses[message.index, default: [:]]
      .updateValue(AddressState(isTentative: message.isTentative), forKey: key)
    let isDisabled = entries[message.index]?.link.isIPv6Disabled ?? false
    if before == nil && message.address.isIPv6 && isDisabled { stale.insert(message.index) }
  }

  private mutating func remove(_ message: AddressMessage) {
    let key = AddressKey(
      address: message.address, prefixLength: message.prefixLength, peer: message.peer)
    guard addresses[message.index]?.removeValue(forKey: key) != nil else { return }
    let hasIPv6 = addresses[message.index]?.keys.contains { $0.address.isIPv6 } ?? false
    if message.address.isIPv6 && !hasIPv6 && entries[message.index] != nil {
      stale.insert(message.index)
    }
  }
}
