internal import LANTestKit
internal import LinuxSystem
internal import Time
internal import Wire

/// The store: real etcd members, each on a host of its own.
struct StoreCluster: Sendable {
  static func hosts(_ layout: Layout) -> [String] {
    (0..<layout.backend.members).map { "store\($0)" }
  }
  static let user = Gateway.User(name: "root", password: "not a secret")

  let members: [StoreMember]
  let gateways: [Gateway]
  let urls: [String]

  /// The address of a member, and of a node's link to the store.
  static func memberAddress(_ index: Int) -> String { "172.20.0.\(11 + index)" }
  static func nodeAddress(_ index: Int) -> String { "172.20.0.\(101 + index)" }

  /// Starts the members and waits until they serve.
  static func start(_ layout: Layout, on lan: LAN, in workplace: Workplace) async throws -> Self {
    let hosts = hosts(layout)
    for (index, name) in hosts.enumerated() {
      try await lan[name].addAddress("\(memberAddress(index))/24")
    }
    let peers = hosts.enumerated().map { (name: $1, address: memberAddress($0)) }
    let members = peers.map { peer in
      StoreMember(
        on: lan[peer.name], address: peer.address, peers: peers, layout: layout,
        data: workplace.file(peer.name))
    }
    for member in members { try member.start() }
    var cluster = StoreCluster(
      members: members,
      gateways: hosts.indices.map {
        Gateway(host: lan[hosts[$0]], address: IPv4Address(memberAddress($0))!)
      }, urls: peers.map { "http://\($0.address):2379" })
    try await cluster.waitUntilServing()
    if layout.authTokenSeconds != nil { cluster = try await cluster.askingForUsers() }
    return cluster
  }

  private init(members: [StoreMember], gateways: [Gateway], urls: [String]) {
    self.members = members
    self.gateways = gateways
    self.urls = urls
  }

  /// A member that runs, to ask or to tell.
  var gateway: Gateway {
    gateways[members.firstIndex { $0.isRunning } ?? 0]
  }

  /// Waits until every member that runs answers a linearizable read; when that was.
  @discardableResult
  func waitUntilServing(within limit: Duration = .seconds(20)) async throws -> Instant {
    for (member, gateway) in zip(members, gateways) where member.isRunning {
      let served = await timeUntil(within: limit) {
        (try? await gateway.keys("/b/")) != nil
      }
      guard served != nil else {
        throw HarnessError("\(member.name) does not serve: \(member.log.suffix(1000))")
      }
    }
    return .now
  }

  /// Waits until a majority serves, whoever that is; when that was.
  func waitUntilAnyServes(within limit: Duration = .seconds(30)) async throws -> Instant {
    let served = await timeUntil(within: limit) {
      for (member, gateway) in zip(members, gateways) where member.isRunning {
        let answer = try? await gateway.call(
          "/v3/kv/range", #"{"key":"YQ=="}"#, as: PlainAnswer.self, withinMilliseconds: 200)
        if answer != nil { return true }
      }
      return false
    }
    guard served != nil else { throw HarnessError("no member serves after \(limit)") }
    return .now
  }

  /// Which member leads, as the members say themselves.
  func leader() async throws -> Int {
    var leader: Int?
    _ = await timeUntil(within: .seconds(15)) {
      for (index, gateway) in gateways.enumerated() where members[index].isRunning {
        let status = try? await gateway.call(
          "/v3/maintenance/status", "{}", as: MemberStatus.self, withinMilliseconds: 300)
        if status?.isLeader == true { leader = index }
      }
      return leader != nil
    }
    guard let leader else { throw HarnessError("no member of the store leads") }
    return leader
  }

  /// Makes a user who may do everything, and has the store ask for it.
  private func askingForUsers() async throws -> Self {
    let user = Self.user
    for (path, body) in [
      ("user/add", #"{"name":"\#(user.name)","password":"\#(user.password)"}"#),
      ("role/add", #"{"name":"root"}"#),
      ("user/grant", #"{"user":"\#(user.name)","role":"root"}"#),
      ("enable", "{}"),
    ] {
      try await gateway.call("/v3/auth/\(path)", body, as: PlainAnswer.self)
    }
    let knowing = gateways.map { gateway in
      var gateway = gateway
      gateway.user = user
      return gateway
    }
    return StoreCluster(members: members, gateways: knowing, urls: urls)
  }
}
