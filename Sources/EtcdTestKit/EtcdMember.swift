internal import CLinux
internal import Glibc
package import LANTestKit
internal import LinuxSystem
internal import Synchronization

/// One member of a cluster as a child process: started, killed, frozen and started again.
package final class EtcdMember: Sendable {
  package let plan: EtcdMemberPlan
  package let url: String
  private let arguments: [String]
  private let spawn: @Sendable ([String]) throws -> RunningProcess
  private let process = Mutex<RunningProcess?>(nil)

  /// - Parameter spawn: starts a command line; on this host unless told otherwise.
  package init(
    _ plan: EtcdMemberPlan, of cluster: EtcdClusterPlan,
    spawn: @escaping @Sendable ([String]) throws -> RunningProcess = { try RunningProcess($0) }
  ) {
    self.plan = plan
    self.spawn = spawn
    url = cluster.clientURL(of: plan)
    arguments = cluster.arguments(of: plan)
  }

  /// Starts it, again with the data of its former life where there was one.
  package func start() throws {
    let new = try spawn(arguments)
    process.withLock { $0 = new }
  }

  package var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }
  package var pid: Int32? { process.withLock { $0?.pid } }

  /// What it wrote, for the message of a test that failed.
  package var log: String { process.withLock { $0?.standardError ?? "" } }

  /// Ends it the hard way (SIGKILL), waits for its end, and leaves its data.
  package func kill() async {
    await process.withLock { $0 }?.stop()
  }

  /// The same without waiting for its end: for what ends with its last reference.
  package func killAtOnce() { process.withLock { $0 }?.signal(SIGKILL) }

  /// Stops it without ending it (SIGSTOP).
  package func freeze() { process.withLock { $0 }?.freeze() }
  /// Lets it go on (SIGCONT).
  package func thaw() { process.withLock { $0 }?.thaw() }
}
