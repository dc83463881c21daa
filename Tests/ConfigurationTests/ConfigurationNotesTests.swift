import Configuration
import Testing

struct ConfigurationNotesTests {
  @Test func poolsOnALeaseThatKnowsOneMachineAreNoted() throws {
    let notes = try parse("kubernetes: {addressPools: on}").notes
    #expect(notes.count == 1 && notes[0].hasPrefix("kubernetes.addressPools: "))
  }

  @Test func anEtcdThatIsAloneOrSpeaksHTTPIsNoted() throws {
    func notes(_ endpoints: String) throws -> [String] {
      try parse("lease: {backend: etcd, etcd: {endpoints: [\(endpoints)]}}").notes
    }
    let alone = try notes("'https://10.80.0.11'")
    #expect(alone.count == 1 && alone[0].contains("has one endpoint"))
    let plain = try notes("'http://10.80.0.11', 'http://10.80.0.12'")
    #expect(plain.count == 1 && plain[0].contains("http://10.80.0.11:2379 is reached over http"))
    #expect(try notes("'http://10.80.0.11'").count == 2)
    #expect(try notes("'https://10.80.0.11', 'https://10.80.0.12'") == [])
    // A member on each node.
    #expect(try notes("'http://127.0.0.1:2379'") == [])
    #expect(try notes("'http://[::1]'") == [])
    #expect(try notes("'http://localhost'") == [])
  }

  @Test func aNameInOtherLettersIsNoted() throws {
    func notes(_ nodes: String) throws -> [String] {
      try parse("{node: node-a, announcements: [{addresses: [10.0.0.1], nodes: [\(nodes)]}]}").notes
    }
    #expect(
      try notes("Node-A, node-b") == [
        "configuration/0: `nodes` names Node-A, and this node is called node-a: upper and lower case are not the same"
      ])
    #expect(try notes("Node-A, node-a") == [])
    #expect(try notes("node-b") == [])
  }

  @Test func aNameThatManyMachinesHaveIsNotedWhereTheyMeet() throws {
    let etcd = "lease: {backend: etcd, etcd: {endpoints: ['http://127.0.0.1:2379']}}"
    #expect(try parse("{node: localhost, \(etcd)}").notes.map { $0.hasPrefix("node: ") } == [true])
    #expect(try parse("node: localhost").notes == [])
    #expect(try parse("{node: local, \(etcd)}").notes == [])
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
