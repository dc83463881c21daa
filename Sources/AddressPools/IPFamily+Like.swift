internal import Cluster
internal import Wire

extension IPFamily {
  /// The address with a number, of the family that `other` is of.
  static func address(_ number: UInt128, as other: IPAddress) -> IPAddress {
    IPFamily(other).address(number)
  }
}
