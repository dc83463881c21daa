package import Announcer

/// The `selfCheck` section: how often the daemon asks for its own addresses, and from where.
package struct SelfCheckSettings: Hashable, Sendable {
  /// Between two rounds; nil where `0s` switched them off.
  package var interval: Duration?
  /// Patterns of the interfaces to ask from; empty: from every other one that could announce.
  package var interfaces: [InterfacePattern]

  init(_ value: Value?) {
    let section = value.flatMap { Section($0) }
    let written = section?.value("interval")?.duration(
      in: .seconds(1) ... .seconds(86_400), orZero: true)
    interval = (written ?? .seconds(60)) == .zero ? nil : written ?? .seconds(60)
    interfaces = section?.value("interfaces")?.patterns() ?? []
    section?.finish()
  }
}
