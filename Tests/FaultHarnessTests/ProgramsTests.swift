import Testing

@testable import FaultHarness

struct ProgramsTests {
  @Test func onlyLayoutsWithAPIServersNeedTheProgram() {
    let without = Programs(announcer: "/bin/true", apiServer: nil)
    #expect(without.reasonAgainst(Layout()) == nil)
    #expect(without.reasonAgainst(.kubernetes)?.contains("--kube-apiserver") == true)
    let wrong = Programs(announcer: "/bin/true", apiServer: "/nowhere/kube-apiserver")
    #expect(wrong.reasonAgainst(.kubernetes)?.contains("/nowhere/kube-apiserver") == true)
    let right = Programs(announcer: "/bin/true", apiServer: "/bin/true")
    #expect(right.reasonAgainst(.kubernetes) == nil)
  }
}
