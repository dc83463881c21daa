import LinuxSystem
import Testing

@Suite struct NetRawCapabilityTests {
  private func capability(permitted: Bool, bounding: Bool) -> NetRawCapability {
    NetRawCapability(isEffective: false, isPermitted: permitted, isInBoundingSet: bounding)
  }

  /// The kernel keeps the order: what counts is permitted.
  @Test func isAsTheKernelSays() {
    let now = NetRawCapability.current
    #expect(!now.isEffective || now.isPermitted)
    NetRawCapability.raise()
    #expect(NetRawCapability.current.isEffective == now.isPermitted)
  }

  @Test func aRuntimeThatKeepsItForRoot() {
    let text = capability(permitted: false, bounding: true).remedy(userID: 65532)
    #expect(text.contains("user 65532 does not get it"))
    #expect(text.contains("runAsRoot: true"))
  }

  @Test func aContainerThatDoesNotHaveIt() {
    for user: UInt32 in [0, 65532] {
      let text = capability(permitted: false, bounding: false).remedy(userID: user)
      #expect(text.contains("capabilities.add: [NET_RAW]"))
    }
  }

  @Test func aSecurityModuleThatRefuses() {
    #expect(
      capability(permitted: true, bounding: true).remedy(userID: 0).hasPrefix("run as root"))
  }
}
