import CLinux
import Glibc
import LANTestKit
import LinuxSystem
import Synchronization
import Wire

/// A client that asks for addresses all the time, every few milliseconds, so that a capture shows
/// to the millisecond who answers.
final class Asker: Sendable {
  private let isStopping = Atomic<Bool>(false)

  /// Asks from `host` for every address in turn, each time `interval` apart, until `stop`.
  init(
    on host: Host, for addresses: [String], every interval: Duration = .milliseconds(5)
  ) async throws {
    let mac = try await host.hardwareAddress()
    let frames = addresses.compactMap { text -> [UInt8]? in
      guard let target = IPv4Address(text) else { return nil }
      return Self.request(from: mac, for: target)
    }
    let link = host.link
    let microseconds = UInt32(interval.components.attoseconds / 1_000_000_000_000)
    let socket = try await host.inNamespace { try PacketSender(link: link) }
    startThread(named: "asker") { [self] in
      var position = 0
      while !isStopping.load(ordering: .relaxed) {
        socket.send(frames[position % frames.count])
        position += 1
        usleep(microseconds)
      }
    }
  }

  func stop() { isStopping.store(true, ordering: .relaxed) }

  deinit { stop() }

  /// An ARP request (RFC 826), written out by hand.
  static func request(from sender: MACAddress, for target: IPv4Address) -> [UInt8] {
    func octets(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }
    return octets(0xffff_ffff_ffff, 6) + octets(sender.rawValue, 6) + [0x08, 0x06]
      + [0, 1, 8, 0, 6, 4, 0, 1] + octets(sender.rawValue, 6) + [10, 80, 0, 99]
      + octets(0, 6) + octets(UInt64(target.rawValue), 4)
      + [UInt8](repeating: 0, count: 18)
  }
}

/// A packet socket that sends on one link.
struct PacketSender: Sendable {
  private let socket: Socket
  private final class Socket: Sendable {
    let descriptor: Descriptor
    let address: sockaddr_ll

    init(_ descriptor: consuming Descriptor, _ address: sockaddr_ll) {
      self.descriptor = descriptor
      self.address = address
    }
  }

  /// Opens the socket in the network namespace of the calling thread.
  init(link: String) throws {
    let descriptor = Descriptor(
      owning: try systemCall("socket", "AF_PACKET") {
        Glibc.socket(AF_PACKET, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      })
    var address = sockaddr_ll()
    address.sll_family = UInt16(AF_PACKET)
    address.sll_ifindex = Int32(unsafe if_nametoindex(link))
    socket = Socket(descriptor, address)
  }

  /// Sends a frame; one that cannot be sent is lost, as on a LAN.
  func send(_ frame: [UInt8]) {
    var address = socket.address
    _ = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(
          socket.descriptor.rawValue, frame, frame.count, 0, $0,
          socklen_t(MemoryLayout<sockaddr_ll>.size))
      }
    }
  }
}
