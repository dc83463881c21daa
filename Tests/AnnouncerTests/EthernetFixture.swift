import Announcer
import Wire

/// A link that everything is right with; each test spoils one thing.
func ethernet(
  _ index: Int32, _ name: String, kind: String? = nil,
  flags: LinkFlags = [.up, .broadcast, .multicast, .lowerUp], state: OperationalState = .up,
  master: Int32? = nil, parent: Int32? = nil
) -> Link {
  Link(
    id: LinkID(index: index, generation: 0), name: name, flags: flags, operationalState: state,
    kind: kind, hardwareAddress: MACAddress(rawValue: 0x0200_0000_0000 | UInt64(index)),
    masterIndex: master, parentIndex: parent)
}
