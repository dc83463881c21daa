internal import Announcer
internal import Configuration
internal import Lease
internal import Wire

extension Coordinator {
  /// What the records of claims tell people beside their owner: where the address would be announced.
  func noteClaims() {
    // A lock file has no room for it, nor readers on other machines.
    guard let service, let links, configuration.lease.backend != .local else { return }
    let byID = Dictionary(uniqueKeysWithValues: links.map { ($0.id, $0) })
    var notes: [IPAddress: ClaimNote] = [:]
    for address in service.candidates {
      let links = (service[address]?.links ?? []).compactMap { byID[$0] }
      notes[address] = ClaimNote(
        interfaces: links.map(\.name).sorted(),
        hardwareAddress: links.first?.hardwareAddress?.description ?? "")
    }
    claimNotes.replace(notes)
  }
}
