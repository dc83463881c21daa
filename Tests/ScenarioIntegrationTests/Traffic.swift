import CLinux
import Glibc
import LANTestKit
import LinuxSystem
import Synchronization
import Wire

/// Sends the same things over and over at a steady pace, on a thread of its own inside a host.
final class Traffic: Sendable {
  private let isEnding = Atomic<Bool>(false)
  private let sentCount = Atomic<Int>(0)

  /// How many have been sent.
  var sent: Int { sentCount.load(ordering: .relaxed) }

  private init() {}

  /// No more are sent once this returns and a moment has passed.
  func stop() { isEnding.store(true, ordering: .relaxed) }

  /// Sends `frames` in turn out of the host's link, one each `interval`, `limit` at most.
  static func frames(
    _ frames: [[UInt8]], from host: Host, every interval: Duration, limit: Int = .max
  ) async throws -> Traffic {
    let link = host.link
    return try await start(on: host, every: interval, limit: limit) {
      let socket = Descriptor(
        owning: try systemCall("socket", "AF_PACKET") {
          Glibc.socket(AF_PACKET, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        })
      var address = sockaddr_ll()
      address.sll_family = UInt16(AF_PACKET)
      address.sll_ifindex = Int32(unsafe if_nametoindex(link))
      return (socket.release(), unsafe withUnsafeBytes(of: address) { unsafe Array($0) }, frames)
    }
  }

  /// Sends datagrams to an address as a busy client does, without a care for who answers.
  static func datagrams(
    to address: IPAddress, from host: Host, every interval: Duration = .milliseconds(2)
  ) async throws -> Traffic {
    try await start(on: host, every: interval, limit: .max) {
      let family = address.isIPv6 ? AF_INET6 : AF_INET
      let socket = Descriptor(
        owning: try systemCall("socket", "SOCK_DGRAM") {
          Glibc.socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        })
      // sockaddr_in, sockaddr_in6: family in this machine's order, port 9 (discard), address.
      let head = [UInt8(family), 0, 0, 9]
      let octets = address.networkOctets
      let name = head + (address.isIPv6 ? [0, 0, 0, 0] + octets + [0, 0, 0, 0] : octets)
      return (
        socket.release(), name + Array(repeating: 0, count: address.isIPv6 ? 0 : 8), [[1, 2, 3, 4]]
      )
    }
  }

  private static func start(
    on host: Host, every interval: Duration, limit: Int,
    _ open: @escaping @Sendable () throws -> (Int32, [UInt8], [[UInt8]])
  ) async throws -> Traffic {
    let traffic = Traffic()
    let nanoseconds = max(Int64(interval / .nanoseconds(1)), 1)
    try await host.inNamespace {
      let (descriptor, name, payloads) = try open()
      startThread(named: "traffic") {
        let socket = Descriptor(owning: descriptor)
        traffic.run(socket, name, payloads, nanoseconds, limit)
      }
    }
    return traffic
  }

  /// Late ones are made up for: the rate holds also where this thread waits for a processor.
  private func run(
    _ socket: borrowing Descriptor, _ name: [UInt8], _ payloads: [[UInt8]], _ interval: Int64,
    _ limit: Int
  ) {
    let start = ContinuousClock.now
    var count = 0
    while count < limit, !isEnding.load(ordering: .relaxed) {
      let ahead = start + .nanoseconds(interval * Int64(count)) - ContinuousClock.now
      if ahead > .zero {
        usleep(UInt32(max(ahead / .microseconds(1), 50)))
        continue
      }
      let payload = payloads[count % payloads.count]
      _ = unsafe name.withUnsafeBytes { name in
        unsafe sendto(
          socket.rawValue, payload, payload.count, 0,
          name.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(name.count))
      }
      count += 1
      sentCount.store(count, ordering: .relaxed)
    }
  }
}

extension IPAddress {
  fileprivate var networkOctets: [UInt8] {
    switch self {
    case .v4(let address): bigEndian(Int(address.rawValue), 4)
    case .v6(let address):
      (0..<16).reversed().map { UInt8(truncatingIfNeeded: address.rawValue >> (8 * $0)) }
    }
  }
}
