internal import Announcer
internal import Control
internal import LinuxSystem
internal import Metrics
internal import RawSocket
internal import Wire

/// The series of every metric.
extension DaemonFigures {
  func series(_ process: ProcessUsage?) -> [MetricSeries] {
    daemonSeries + addressSeries + interfaceSeries + leaseSeries + selfCheckSeries + sourceSeries
      + processSeries(process)
  }

  private var daemonSeries: [MetricSeries] {
    [
      MetricSeries(AnnouncerMetrics.build, [MetricSample(1, version, node)]),
      MetricSeries(AnnouncerMetrics.ready, obstacles.isEmpty ? 1 : 0),
      MetricSeries(AnnouncerMetrics.drained, isDrained ? 1 : 0),
      MetricSeries(AnnouncerMetrics.warnings, Double(warnings)),
      MetricSeries(AnnouncerMetrics.configurationLoaded, loadedAt.seconds),
      MetricSeries(AnnouncerMetrics.configurationRefused, isConfigurationRefused ? 1 : 0),
      MetricSeries(AnnouncerMetrics.logDrops, Double(logDrops)),
    ]
  }

  private var addressSeries: [MetricSeries] {
    let states: [AddressStatus.State] = [.announcing, .standby, .waiting, .blocked]
    let labels = addresses.map { [LabelValue($0.address.description)] }
    func series(
      _ family: MetricFamily, _ value: (Address) -> Double?
    ) -> MetricSeries {
      MetricSeries(
        family,
        zip(addresses, labels).compactMap { row, labels in
          value(row).map { MetricSample($0, labels: labels) }
        })
    }
    return [
      MetricSeries(
        AnnouncerMetrics.addresses,
        states.map { state in
          MetricSample(Double(addresses.count { $0.state == state }), state.rawValue)
        }),
      series(AnnouncerMetrics.announcing) { $0.state == .announcing ? 1 : 0 },
      series(AnnouncerMetrics.answers) { Double($0.counts?.answers ?? 0) },
      series(AnnouncerMetrics.announcements) { Double($0.counts?.announcements ?? 0) },
      series(AnnouncerMetrics.conflicts) { Double($0.conflicts) },
      series(AnnouncerMetrics.lastAnswer) { row in
        row.counts?.lastAnswerAt.map { WallTime(nanoseconds: $0).seconds }
      },
    ]
  }

  private var interfaceSeries: [MetricSeries] {
    let states: [InterfaceStatus.State] = [.active, .down, .skipped]
    func series(
      _ family: MetricFamily, _ samples: (String, LinkCounts) -> [MetricSample]
    ) -> MetricSeries {
      MetricSeries(
        family, interfaces.flatMap { row in row.counts.map { samples(row.name, $0) } ?? [] })
    }
    return [
      MetricSeries(
        AnnouncerMetrics.interfaceState,
        interfaces.flatMap { row in
          guard let state = row.state else { return [MetricSample]() }
          return states.map { MetricSample($0 == state ? 1 : 0, row.name, $0.rawValue) }
        }),
      series(AnnouncerMetrics.received) { [MetricSample(Double($1.received), $0)] },
      series(AnnouncerMetrics.answered) { [MetricSample(Double($1.answered), $0)] },
      series(AnnouncerMetrics.ignored) { name, counts in
        Reason.allCases.map { MetricSample(Double(counts[$0]), name, $0.name) }
      },
      series(AnnouncerMetrics.sent) { name, counts in
        [
          MetricSample(Double(counts.answered), name, "answer"),
          MetricSample(Double(counts.announced), name, "announcement"),
          MetricSample(Double(counts.asked), name, "question"),
        ]
      },
      series(AnnouncerMetrics.sendErrors) { [MetricSample(Double($1.sendErrors), $0)] },
      MetricSeries(AnnouncerMetrics.socketDrops, Double(socketDrops)),
    ]
  }

  private var leaseSeries: [MetricSeries] {
    let status = lease.status
    let states: [LeaseStatus.State] = [.healthy, .uncertain, .lost, .none]
    let transitions = status.transitions
    return [
      MetricSeries(
        AnnouncerMetrics.leaseState,
        states.map { MetricSample($0 == status.state ? 1 : 0, status.backend, $0.rawValue) }),
      MetricSeries(AnnouncerMetrics.leaseDuration, status.durationMs.map { Double($0) / 1000 }),
      MetricSeries(AnnouncerMetrics.leaseRemaining, status.deadlineInMs.map { Double($0) / 1000 }),
      MetricSeries(AnnouncerMetrics.renewals, lease.renewalTimes),
      MetricSeries(AnnouncerMetrics.renewalAge, lease.renewalAge),
      MetricSeries(
        AnnouncerMetrics.transitions,
        [
          MetricSample(Double(transitions.gained), "gained"),
          MetricSample(Double(transitions.lost), "lost"),
          MetricSample(Double(transitions.handedOver), "handed-over"),
        ]),
      MetricSeries(AnnouncerMetrics.takeovers, takeoverTimes),
      MetricSeries(
        AnnouncerMetrics.storeErrors,
        status.errors.sorted { $0.key < $1.key }.map { MetricSample(Double($0.value), $0.key) }),
      MetricSeries(AnnouncerMetrics.refused, Double(status.refusedByGate)),
      MetricSeries(AnnouncerMetrics.withoutLease, status.holding ? 1 : 0),
    ]
  }

  private var selfCheckSeries: [MetricSeries] {
    let states: [SelfCheckStatus.State] = [
      .passed, .unchecked, .contested, .failed, .pending, .off,
    ]
    return [
      MetricSeries(
        AnnouncerMetrics.selfCheckState,
        states.map { MetricSample($0 == selfCheck.state ? 1 : 0, $0.rawValue) }),
      MetricSeries(AnnouncerMetrics.selfCheckFailures, Double(selfCheck.failures.count)),
      MetricSeries(AnnouncerMetrics.selfCheckTime, selfCheck.lastAt?.seconds),
      MetricSeries(
        AnnouncerMetrics.selfCheckWitness,
        selfCheck.witnesses.sorted { $0.key < $1.key }.map { MetricSample(1, $0.key, $0.value) }),
    ]
  }

  private var sourceSeries: [MetricSeries] {
    let states: [SourceStatus.State] = [.synced, .waiting, .failing]
    return [
      MetricSeries(
        AnnouncerMetrics.sourceState,
        sources.flatMap { source in
          states.map { MetricSample($0 == source.state ? 1 : 0, source.name, $0.rawValue) }
        }),
      MetricSeries(
        AnnouncerMetrics.sourceObjects,
        sources.flatMap { source in
          source.objects.sorted { $0.key < $1.key }.map {
            MetricSample(Double($0.value), source.name, $0.key)
          }
        }),
      MetricSeries(
        AnnouncerMetrics.sourceAge,
        sources.compactMap { source in
          source.lastEventMs.map { MetricSample(Double($0) / 1000, source.name) }
        }),
      MetricSeries(
        AnnouncerMetrics.reconnects,
        sources.map { MetricSample(Double($0.reconnects), $0.name) }),
    ]
  }

  private func processSeries(_ process: ProcessUsage?) -> [MetricSeries] {
    [
      MetricSeries(AnnouncerMetrics.processStart, startedAt.seconds),
      MetricSeries(AnnouncerMetrics.processTime, process?.processorTime),
      MetricSeries(AnnouncerMetrics.residentMemory, process.map { Double($0.residentOctets) }),
      MetricSeries(AnnouncerMetrics.openFiles, process.map { Double($0.openFiles) }),
    ]
  }
}

extension WallTime {
  /// Since 1970, to the millisecond.
  fileprivate var seconds: Double { Double(nanoseconds / 1_000_000) / 1000 }
}
