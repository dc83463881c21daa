import CPcap
import FrameText
import Testing
import Wire

/// The expression as libpcap reads it, on frames; and the second look.
@Suite struct CaptureInterestTests {
  /// Whether libpcap lets the frame pass; nil where the expression does not compile.
  private func passes(_ interest: CaptureInterest, _ octets: [UInt8]) -> Bool? {
    let handle = unsafe pcap_open_dead(DLT_EN10MB, 2048)
    defer { unsafe pcap_close(handle) }
    var program = unsafe bpf_program()
    guard unsafe pcap_compile(handle, &program, interest.expression, 1, bpf_u_int32.max) == 0
    else { return nil }
    defer { unsafe pcap_freecode(&program) }
    var header = pcap_pkthdr()
    header.len = bpf_u_int32(octets.count)
    header.caplen = header.len
    return unsafe pcap_offline_filter(&program, &header, octets) != 0
  }

  private func interest(_ addresses: String...) -> CaptureInterest {
    CaptureInterest(addresses: Set(addresses.compactMap { IPAddress($0) }))
  }

  private let question = arp(1, sender: (client, asker), target: (.zero, vip))

  @Test(arguments: ["10.80.8.150", "10.80.0.1"])
  func senderAndTargetOfARP(address: String) {
    let wanted = interest(address)
    #expect(passes(wanted, question) == true && wanted.includes(seen(question)))
    let other = arp(
      1, sender: (client, IPv4Address("10.0.0.1")!), target: (.zero, IPv4Address("10.0.0.2")!))
    #expect(passes(wanted, other) == false && !wanted.includes(seen(other)))
    #expect(passes(wanted, solicitation()) == false && !wanted.includes(seen(solicitation())))
  }

  @Test(arguments: ["2001:db8::10", "fe80::1"])
  func senderTargetAndRecipientOfNDP(address: String) {
    let wanted = interest(address)
    for frame in [solicitation(), advertisement(from: IPv6Address("fe80::a")!)] {
      #expect(passes(wanted, frame) == true && wanted.includes(seen(frame)))
    }
    let stranger = interest("2001:db8::11")
    #expect(
      passes(stranger, solicitation()) == false && !stranger.includes(seen(solicitation())))
    #expect(passes(wanted, question) == false && !wanted.includes(seen(question)))
  }

  @Test func everythingIsARPAndNDPAndNothingElse() {
    let all = CaptureInterest(addresses: nil)
    #expect(passes(all, question) == true && passes(all, solicitation()) == true)
    var echo = solicitation()
    echo[54] = 128
    #expect(passes(all, echo) == false)
    var udp = question
    udp[13] = 0
    #expect(passes(all, udp) == false)
  }

  @Test func malformedFramesPass() {
    var broken = solicitation()
    broken[56] ^= 1
    let wanted = interest("2001:db8::10")
    #expect(passes(wanted, broken) == true && wanted.includes(seen(broken)))
  }

  /// 64 of each family fit the kernel; more pass by their families and are told apart afterwards.
  @Test(arguments: [1, 64, 65, 10_000])
  func manyAddresses(count: Int) throws {
    let v4 = (0..<UInt32(count)).map { IPAddress.v4(IPv4Address(rawValue: vip.rawValue + $0)) }
    let v6 = (0..<UInt128(count)).map { IPAddress.v6(IPv6Address(rawValue: vip6.rawValue + $0)) }
    for (addresses, frame) in [(v4, question), (v6, solicitation())] {
      let wanted = CaptureInterest(addresses: Set(addresses))
      #expect(passes(wanted, frame) == true && wanted.includes(seen(frame)))
    }
    let wanted = CaptureInterest(addresses: Set(v4))
    #expect(passes(wanted, solicitation()) == false)
    let stranger = arp(1, sender: (client, asker), target: (.zero, IPv4Address("10.0.0.2")!))
    #expect(!wanted.includes(seen(stranger)))
  }
}
