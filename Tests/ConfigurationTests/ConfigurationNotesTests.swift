import Configuration
import Testing

struct ConfigurationNotesTests {
  @Test func poolsOnALeaseThatKnowsOneMachineAreNoted() throws {
    let notes = try parse("kubernetes: {addressPools: on}").notes
    #expect(notes.count == 1 && notes[0].hasPrefix("kubernetes.addressPools: "))
  }

  @Test(arguments: [
    "{}", "kubernetes: {}", "kubernetes: {addressPools: off}",
    "{kubernetes: {addressPools: on}, lease: {backend: kubernetes}}",
    "{kubernetes: {addressPools: on}, lease: {backend: etcd}}",
  ])
  func everythingElseIsNot(text: String) throws {
    #expect(try parse(text).notes == [])
  }
}
