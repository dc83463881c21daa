internal import LANTestKit

/// A cluster of etcd members on loopback for the time of a test.
package struct EtcdCluster: Sendable {
  package let plan: EtcdClusterPlan
  package let members: [EtcdMember]
  /// For whatever else a test wants to have on tmpfs; removed with the cluster.
  package let directory: String

  package var urls: [String] { members.map(\.url) }

  /// Starts `count` members, waits until each serves, runs `body`, ends and removes all of it, even
  /// when the test fails.
  package static func run(
    _ count: Int = 1, heartbeat: Int = 100, election: Int = 1000, tls withTLS: Bool = false,
    quota: Int? = nil, authTokenLifetime: Int? = nil, arguments: [String] = [],
    _ body: (EtcdCluster) async throws -> Void
  ) async throws {
    let scratch = try EtcdScratch()
    var members: [EtcdMember] = []
    do {
      let tls = withTLS ? try await EtcdTLSFiles(in: scratch.path) : nil
      var cluster: EtcdCluster?
      while cluster == nil {
        for member in members { await member.kill() }
        let ports = freePorts(2 * count)
        let plans = (0..<count).map {
          EtcdMemberPlan(
            name: "m\($0)", host: "127.0.0.1", clientPort: ports[2 * $0],
            peerPort: ports[2 * $0 + 1], dataDirectory: "\(scratch.path)/m\($0)")
        }
        let plan = EtcdClusterPlan(
          members: plans, heartbeat: heartbeat, election: election,
          tls: tls, quota: quota,
          authTokenLifetime: authTokenLifetime, extraArguments: arguments)
        members = plans.map { EtcdMember($0, of: plan) }
        for member in members { try member.start() }
        let new = EtcdCluster(plan: plan, members: members, directory: scratch.path)
        do {
          try await new.waitUntilServing()
          cluster = new
        } catch {
          // A stranger has taken a port since we looked.
          guard members.contains(where: { $0.log.contains("address already in use") }) else {
            throw error
          }
        }
      }
      if let cluster { try await body(cluster) }
    } catch {
      await end(members, scratch)
      throw error
    }
    await end(members, scratch)
  }

  private static func end(_ members: [EtcdMember], _ scratch: EtcdScratch) async {
    for member in members { await member.kill() }
    await scratch.remove()
  }

  /// Waits until every member that runs answers a linearizable read.
  package func waitUntilServing(within limit: Duration = .seconds(60)) async throws {
    for member in members where member.isRunning {
      let served = await timeUntil(within: limit) {
        guard member.isRunning else { return false }
        return plan.tls == nil
          ? (try? await member.call("/v3/kv/range", #"{"key":"YQ=="}"#)) != nil
          : await (try? control(["get", "a"], on: member)) != nil
      }
      guard served != nil else {
        throw EtcdTestError("\(member.plan.name) does not serve:\n\(member.log.suffix(2000))")
      }
    }
  }

  /// Runs `etcdctl`; a failure is an error. Its standard output.
  @discardableResult
  package func control(
    _ command: [String], on member: EtcdMember? = nil, user: String? = nil
  ) async throws -> String {
    let arguments = plan.controlArguments(command, member: member?.plan, user: user)
    let result = try await runCommand(arguments)
    guard result.succeeded else {
      throw EtcdTestError("\(arguments.joined(separator: " ")): \(result.standardError)")
    }
    return result.standardOutput
  }

  /// The member that leads, as the members say themselves.
  package func leader() async throws -> EtcdMember? {
    for member in members where member.isRunning {
      guard let status = try? await member.status(), status.leader == status.header.memberID,
        status.leader != "0"
      else { continue }
      return member
    }
    return nil
  }
}
