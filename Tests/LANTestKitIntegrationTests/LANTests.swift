import CLinux
import Glibc
import LANTestKit
import Testing
import Wire

@Suite(.needsLAN, .timeLimit(.minutes(10)))
struct LANTests {
  @Test func aRealHostAnswersArpingAndNdisc6() async throws {
    try await LAN.with(hosts: ["node", "client"]) { lan in
      try await lan["node"].addAddress("10.80.0.2/16")
      try await lan["node"].addAddress("2001:db8::2/64")
      try await lan["client"].addAddress("10.80.0.1/16")
      let mac = try await lan["node"].hardwareAddress()
      let arping = try await lan["client"].run("arping", "-c", "1", "-i", "lan0", "10.80.0.2")
      #expect(arping.succeeded)
      #expect(arping.standardOutput.contains("\(mac)"))
      let ndisc = try await lan["client"].run("ndisc6", "-q", "-1", "2001:db8::2", "lan0")
      #expect(ndisc.succeeded)
      #expect(MACAddress(ndisc.standardOutput.filter { !$0.isWhitespace }) == mac)
      let nobody = try await lan["client"].run("arping", "-c", "1", "-i", "lan0", "10.80.0.9")
      #expect(nobody.status == .exited(1))
    }
  }

  @Test func everythingIsGoneAfterwardsEvenAfterAFailure() async throws {
    struct Failure: Error {}
    var name = ""
    var process: RunningProcess?
    await #expect(throws: Failure.self) {
      try await LAN.with(hosts: ["a"]) { lan in
        name = "\(lan.name)-"
        process = try lan["a"].spawn("sleep", "1000")
        #expect(try await runCommand(["ip", "netns", "list"]).standardOutput.contains(name))
        throw Failure()
      }
    }
    #expect(!name.isEmpty)
    #expect(try await !runCommand(["ip", "netns", "list"]).standardOutput.contains(name))
    #expect(try await process?.wait() == .signaled(SIGKILL))
  }

  @Test func aPulledCableTakesTheCarrierAndNotTheLink() async throws {
    try await LAN.with(hosts: ["node"]) { lan in
      let node = lan["node"]
      try await lan.unplug(node)
      try await eventually { try await node.linkState()?.flags.contains("NO-CARRIER") == true }
      #expect(try await node.linkState()?.flags.contains("UP") == true)
      try await lan.plug(node)
      try await eventually { try await node.linkState()?.operationalState == "UP" }
    }
  }

  @Test func linksCanBeAddedUnderAnyName() async throws {
    try await LAN.with(hosts: ["node"], link: "vmnet0") { lan in
      #expect(try await lan["node"].linkState("vmnet1") == nil)
      try await lan.connect(lan["node"], link: "vmnet1")
      try await eventually {
        try await lan["node"].linkState("vmnet1")?.operationalState == "UP"
      }
    }
  }

  @Test func parallelLANsDoNotMeet() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try await LAN.with(hosts: ["node", "client"]) { lan in
            try await lan["node"].addAddress("10.80.0.2/16")
            try await lan["client"].addAddress("10.80.0.1/16")
            let result = try await lan["client"].run(
              "arping", "-d", "-c", "2", "-w", "1", "-i", "lan0", "10.80.0.2")
            #expect(result.succeeded, "a duplicate was seen: \(result.standardOutput)")
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
