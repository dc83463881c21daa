internal import Announcer
internal import RawSocket
internal import Reconciler
internal import Wire

/// Stations that have what is to be announced here for the first time.
extension Coordinator {
  /// Takes what the scout has heard.
  mutating func hearStations() {
    for answer in parts.scout.answers.take() {
      let isContested = reconciler.hearStation(
        answer.address, from: answer.hardwareAddress, on: answer.interfaceIndex,
        count: answer.count, lastSeenAt: answer.lastSeenAt)
      if isContested {
        history.noteConflict(about: answer.address, count: UInt64(answer.count))
      }
    }
  }

  /// Lets everything that looks at an address know which ones others have.
  mutating func noteStations() {
    let isFirst = stations.isEmpty
    reconsider()
    if isFirst, !stations.isEmpty { snapshot.conflictWarnings.forEach(parts.log.warn) }
  }

  /// What stations have that are none of our nodes, in words.
  func stationsHeard() -> [IPAddress: KnownAddresses.Station] {
    reconciler.occupants.mapValues {
      KnownAddresses.Station(hardwareAddress: $0.hardwareAddress, link: name(of: $0.interfaceIndex))
    }
  }
}
