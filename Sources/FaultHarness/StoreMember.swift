internal import LANTestKit
internal import Synchronization

/// One server of the store as a process on a host of its own: started, killed, frozen and started again with
/// the data that it has.
final class StoreMember: Sendable {
  let name: String
  let host: Host
  private let arguments: [String]
  private let process = Mutex<RunningProcess?>(nil)

  init(on host: Host, _ arguments: [String]) {
    name = host.name
    self.host = host
    self.arguments = arguments
  }

  /// An etcd member.
  ///
  /// - Parameters:
  ///   - address: of `host`; the member listens there and nowhere else.
  ///   - peers: every member's name and address.
  convenience init(
    on host: Host, address: String, peers: [(name: String, address: String)], layout: Layout,
    data: String
  ) {
    let cluster = peers.map { "\($0.name)=http://\($0.address):2380" }.joined(separator: ",")
    var arguments = [
      "etcd", "--name", host.name, "--data-dir", data,
      "--listen-client-urls", "http://\(address):2379",
      "--advertise-client-urls", "http://\(address):2379",
      "--listen-peer-urls", "http://\(address):2380",
      "--initial-advertise-peer-urls", "http://\(address):2380",
      "--initial-cluster", cluster, "--initial-cluster-state", "new",
      "--heartbeat-interval", "\(layout.timing.heartbeat)",
      "--election-timeout", "\(layout.timing.election)",
    ]
    if let quota = layout.quota { arguments += ["--quota-backend-bytes", "\(quota)"] }
    if let seconds = layout.authTokenSeconds {
      // Passwords are checked with every token; the default cost takes 100 ms of a core each time.
      arguments += ["--auth-token-ttl", "\(seconds)", "--bcrypt-cost", "4"]
    }
    self.init(on: host, arguments)
  }

  func start() throws {
    let new = try host.spawn(arguments)
    process.withLock { $0 = new }
  }

  var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }
  var log: String { process.withLock { $0?.standardError ?? "" } }

  /// Ends it the hard way and leaves its data.
  func kill() async { await process.withLock { $0 }?.stop() }

  func freeze() { process.withLock { $0 }?.freeze() }
  func thaw() { process.withLock { $0 }?.thaw() }
}
