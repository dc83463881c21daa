internal import EtcdTestKit
internal import FoundationEssentials
internal import LANTestKit
internal import Synchronization

/// What real API servers stand on: an etcd, certificates, and a file of tokens.
final class RealBackend: Sendable {
  let member: EtcdMember
  let files: EtcdTLSFiles
  let token: String
  let tokenFile: String
  private let scratch: EtcdScratch
  private let users = Mutex(0)

  static func start() async throws -> RealBackend {
    let scratch = try EtcdScratch()
    do {
      let backend = try await RealBackend(in: scratch)
      try await backend.waitUntilServing()
      return backend
    } catch {
      await scratch.remove()
      throw error
    }
  }

  private init(in scratch: EtcdScratch) async throws {
    self.scratch = scratch
    files = try await EtcdTLSFiles(in: scratch.path, hosts: ["127.0.0.1", "localhost"])
    token = "token-\(UInt64.random(in: 0 ... .max))"
    tokenFile = "\(scratch.path)/tokens.csv"
    try Data("\(token),announcer,1,system:masters\n".utf8)
      .write(to: URL(filePath: tokenFile))
    let ports = freePorts(2)
    let plan = EtcdMemberPlan(
      name: "m0", host: "127.0.0.1", clientPort: ports[0], peerPort: ports[1],
      dataDirectory: "\(scratch.path)/m0")
    member = EtcdMember(plan, of: EtcdClusterPlan(members: [plan]))
    try member.start()
  }

  private func waitUntilServing() async throws {
    let served = await timeUntil(within: .seconds(60)) {
      (try? await member.status()) != nil
    }
    guard served != nil else {
      throw TestClusterError("etcd does not serve:\n\(member.log.suffix(2000))")
    }
  }

  deinit {
    member.killAtOnce()
    scratch.removeAtOnce()
  }

  /// Copies the etcd's data, which ends and starts again for it; where to.
  func copyData() async throws -> String {
    let copy = "\(scratch.path)/backup-\(UInt64.random(in: 0 ... .max))"
    try await member.backUp(to: copy)
    try await startAgain()
    return copy
  }

  /// Puts a copy in place of the etcd's data.
  func putBack(_ copy: String) async throws {
    try await member.putBack(copy)
    try await startAgain()
  }

  private func startAgain() async throws {
    try member.start()
    try await waitUntilServing()
  }

  func join() { users.withLock { $0 += 1 } }

  /// One user less, and another to come at once.
  func part() { users.withLock { $0 -= 1 } }

  /// Ends the etcd when this was its last user.
  func leave() async {
    let rest = users.withLock { users in
      users -= 1
      return users
    }
    if rest <= 0 { await stop() }
  }

  func stop() async {
    await member.kill()
    await scratch.remove()
  }
}
