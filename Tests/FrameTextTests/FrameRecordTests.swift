import FoundationEssentials
import FrameText
import Testing
import Wire

@Suite struct FrameRecordTests {
  private func json(_ octets: [UInt8], out: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let record = FrameRecord(FrameLine(seen(octets, out: out)))
    return String(decoding: try encoder.encode(record), as: UTF8.self)
  }

  @Test func everyKeyIsThere() throws {
    #expect(
      try json(arp(1, sender: (client, asker), target: (.zero, vip)))
        == #"{"destination":"ff:ff:ff:ff:ff:ff","direction":"in","fault":null,"flags":[],"#
        + #""hardwareAddress":"02:00:00:00:00:01","interface":"lan0","kind":"arp-request","#
        + #""length":60,"sender":"10.80.0.1","source":"02:00:00:00:00:01","target":"10.80.8.150","#
        + #""timeNs":1700056987000412345}"#)
  }

  @Test func kindsAndFlags() throws {
    let answer = try json(advertisement(router: true), out: true)
    #expect(answer.contains(#""kind":"neighbor-advertisement""#))
    #expect(answer.contains(#""flags":["router","solicited","override"]"#))
    #expect(answer.contains(#""direction":"out""#))
    #expect(try json(solicitation()).contains(#""kind":"neighbor-solicitation""#))
    let detection = try json(solicitation(from: .any, option: nil))
    #expect(detection.contains(#""kind":"duplicate-address-detection""#))
    #expect(detection.contains(#""hardwareAddress":null"#))
    var broken = solicitation()
    broken[56] ^= 1
    #expect(try json(broken).contains(#""fault":"wrong checksum""#))
    #expect(try json(broken).contains(#""kind":"malformed""#))
  }
}
