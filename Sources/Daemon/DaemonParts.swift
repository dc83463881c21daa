internal import Cluster
internal import Configuration
internal import Control
internal import RawSocket

/// What the coordinator works with: made once, and shared with the services that run beside it.
struct DaemonParts: Sendable {
  let configuration: Configuration
  let version: String
  let mailbox: Mailbox
  let responder: Responder
  let scout: Scout
  let lease: LeaseParts
  let notifier: ServiceNotifier
  let log: EventLog
  let output: LogOutput
  let audit: @Sendable (AuditRequest) -> Void
  let cluster: ClusterModel
  let manifestPaths: @Sendable ([String]) -> Void
  let listen: @Sendable (MetricsSettings?) -> Void
  let askFromOutside: @Sendable ([WitnessQuestion]) -> Void
  let kubernetes: KubernetesParts?
  let pools: PoolModel
  let duty: DutyGate
  let tellServices: @Sendable ([ServiceEvent]) -> Void
  /// Called for work that leaves much memory free behind it.
  let noteWork: @Sendable () -> Void
}
