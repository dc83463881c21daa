import HostAudit
import Testing

struct HostWarningTests {
  @Test func aWarningPrintsAsItsMessage() {
    #expect("\(HostWarning(kind: .noSubnet, message: "a b"))" == "a b")
    #expect(Set(HostWarning.Kind.allCases.map(\.rawValue)).count == HostWarning.Kind.allCases.count)
  }
}
