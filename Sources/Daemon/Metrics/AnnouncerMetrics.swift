package import Metrics

/// Every metric of the daemon: names, meanings and labels, in the order in which they are shown.
///
/// Names are an interface: dashboards and alert rules of others rest on them.
package enum AnnouncerMetrics {
  static let build = MetricFamily(
    "announcer_build_info", .info, "The running program and the name of this node",
    labels: ["version", "node"])
  static let ready = MetricFamily(
    "announcer_ready", .gauge, "1 where this node announces what it holds, as /readyz says; else 0")
  static let drained = MetricFamily(
    "announcer_drained", .gauge, "1 while this node is drained by announcer drain; else 0")
  static let warnings = MetricFamily(
    "announcer_warnings", .gauge, "Warnings that announcer status shows now")
  static let configurationLoaded = MetricFamily(
    "announcer_configuration_load_timestamp_seconds", .gauge,
    "When the configuration in force was read, since 1970")
  static let configurationRefused = MetricFamily(
    "announcer_configuration_refused", .gauge,
    "1 while the last reload was refused and the configuration before it is in force; else 0")

  static let logDrops = MetricFamily(
    "announcer_log_dropped_lines_total", .counter,
    "Lines of the log that were dropped because nobody read it or it could not be written")

  static let addresses = MetricFamily(
    "announcer_addresses", .gauge,
    "Wanted addresses by what they are on this node: announcing, standby, waiting, blocked",
    labels: ["state"])
  static let announcing = MetricFamily(
    "announcer_address_announcing", .gauge, "1 where this node answers for the address now; else 0",
    labels: ["address"])
  static let answers = MetricFamily(
    "announcer_address_answers_total", .counter,
    "ARP requests and neighbour solicitations answered since this node got the address",
    labels: ["address"])
  static let announcements = MetricFamily(
    "announcer_address_announcements_total", .counter,
    "Gratuitous ARP frames and unsolicited advertisements sent since this node got the address",
    labels: ["address"])
  static let conflicts = MetricFamily(
    "announcer_address_conflicts_total", .counter,
    "Frames in which another station asserted the address while this node announced it",
    labels: ["address"])
  static let lastAnswer = MetricFamily(
    "announcer_address_last_answer_timestamp_seconds", .gauge,
    "When this node last answered for the address, since 1970", labels: ["address"])

  static let interfaceState = MetricFamily(
    "announcer_interface_state", .gauge,
    "1 for what a matching interface is: active, down or skipped; 0 for what it is not",
    labels: ["interface", "state"])
  static let received = MetricFamily(
    "announcer_interface_received_frames_total", .counter,
    "Frames that passed the kernel's filter and reached the program", labels: ["interface"])
  static let answered = MetricFamily(
    "announcer_interface_answered_frames_total", .counter, "Frames answered", labels: ["interface"])
  static let ignored = MetricFamily(
    "announcer_interface_ignored_frames_total", .counter,
    "Frames not answered, by reason as in announcer status", labels: ["interface", "reason"])
  static let sent = MetricFamily(
    "announcer_interface_sent_frames_total", .counter,
    "Frames sent: answers, announcements, and questions about addresses held without a lease",
    labels: ["interface", "kind"])
  static let sendErrors = MetricFamily(
    "announcer_interface_send_errors_total", .counter, "Frames that the kernel refused to send",
    labels: ["interface"])
  static let socketDrops = MetricFamily(
    "announcer_socket_dropped_frames_total", .counter,
    "Frames that the kernel dropped because the program's sockets were full")

  static let leaseState = MetricFamily(
    "announcer_lease_state", .gauge,
    "1 for what the lease is: healthy, uncertain, lost, none (a store without expiry); else 0",
    labels: ["backend", "state"])
  static let leaseDuration = MetricFamily(
    "announcer_lease_duration_seconds", .gauge, "How long a lease lasts; absent without expiry")
  static let leaseRemaining = MetricFamily(
    "announcer_lease_remaining_seconds", .gauge,
    "Until this node falls silent unless a renewal succeeds; absent without expiry")
  static let renewals = MetricFamily(
    "announcer_lease_renewal_duration_seconds", .histogram,
    "How long confirmed renewals took, from send to answer")
  static let renewalAge = MetricFamily(
    "announcer_lease_renewal_age_seconds", .gauge,
    "Since the last confirmed renewal was sent; absent before the first")
  static let transitions = MetricFamily(
    "announcer_lease_transitions_total", .counter,
    "Claims gained, lost against this node's will, and handed over by plan", labels: ["kind"])
  static let takeovers = MetricFamily(
    "announcer_takeover_duration_seconds", .histogram,
    "From learning that nobody holds an address any more to answering for it")
  static let storeErrors = MetricFamily(
    "announcer_lease_store_errors_total", .counter, "Failures of the lease store",
    labels: ["kind"])
  static let refused = MetricFamily(
    "announcer_gate_refused_frames_total", .counter,
    "Requests left unanswered because the lease had run out or the request was too old")
  static let withoutLease = MetricFamily(
    "announcer_lease_holding", .gauge,
    "1 while addresses are held without a lease (whenStoreIsLost: hold); else 0")

  static let selfCheckState = MetricFamily(
    "announcer_self_check_state", .gauge,
    "1 for what the last check of this node's own answers is: passed, unchecked (nobody to ask from), contested, failed, pending, off; else 0",
    labels: ["state"])
  static let selfCheckFailures = MetricFamily(
    "announcer_self_check_failures", .gauge,
    "Addresses that this node announces and that were not answered for when they were asked for")
  static let selfCheckTime = MetricFamily(
    "announcer_self_check_timestamp_seconds", .gauge,
    "When this node last checked its own answers, since 1970")
  static let selfCheckWitness = MetricFamily(
    "announcer_self_check_witness_info", .info,
    "From which other interface the addresses of an interface are asked for",
    labels: ["interface", "witness"])

  static let sourceState = MetricFamily(
    "announcer_source_state", .gauge,
    "1 for what a source of wishes is: synced, waiting or failing; 0 for what it is not",
    labels: ["source", "state"])
  static let sourceObjects = MetricFamily(
    "announcer_source_objects", .gauge, "Objects that a source has told of",
    labels: ["source", "kind"])
  static let sourceAge = MetricFamily(
    "announcer_source_last_event_age_seconds", .gauge, "Since a source last told of anything",
    labels: ["source"])
  static let reconnects = MetricFamily(
    "announcer_source_reconnects_total", .counter,
    "How often a source had to be asked anew for everything", labels: ["source"])

  static let poolsGiving = MetricFamily(
    "announcer_pools_giving", .gauge,
    "1 on the node that gives addresses to Services, 0 on the others; absent where address pools are off"
  )
  static let poolAddresses = MetricFamily(
    "announcer_pool_addresses", .gauge, "Addresses of a pool: used, and available to be given",
    labels: ["pool", "state"])
  static let poolState = MetricFamily(
    "announcer_pool_state", .gauge,
    "1 for what a pool is: active, disabled, conflict or invalid; 0 for what it is not",
    labels: ["pool", "state"])
  static let poolServices = MetricFamily(
    "announcer_pool_services", .gauge,
    "Services that get addresses from pools: satisfied, and the others by the reason in their condition",
    labels: ["reason"])

  static let processStart = MetricFamily(
    "process_start_time_seconds", .gauge, "When the process started, since 1970")
  static let processTime = MetricFamily(
    "process_cpu_seconds_total", .counter, "Processor time used, of user and system")
  static let residentMemory = MetricFamily(
    "process_resident_memory_bytes", .gauge, "Memory in use")
  static let openFiles = MetricFamily("process_open_fds", .gauge, "Open file descriptors")

  /// All of them, for the reference.
  package static let all: [MetricFamily] = [
    build, ready, drained, warnings, configurationLoaded, configurationRefused, logDrops,
    addresses, announcing, answers, announcements, conflicts, lastAnswer,
    interfaceState, received, answered, ignored, sent, sendErrors, socketDrops,
    leaseState, leaseDuration, leaseRemaining, renewals, renewalAge, transitions, takeovers,
    storeErrors, refused, withoutLease,
    selfCheckState, selfCheckFailures, selfCheckTime, selfCheckWitness,
    sourceState, sourceObjects, sourceAge, reconnects,
    poolsGiving, poolAddresses, poolState, poolServices,
    processStart, processTime, residentMemory, openFiles,
  ]
}
