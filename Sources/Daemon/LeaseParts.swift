internal import Configuration
internal import Lease
internal import LeaseEtcd
internal import LeaseKubernetes
internal import LeaseLocal
internal import LinuxSystem
internal import Time

/// The election on the store that the configuration names.
struct LeaseParts: Sendable {
  let driver: LeaseDriver
  /// Where the store is now, for people.
  let place: @Sendable () -> String
  /// What the records of claims tell people.
  let notes: ClaimNotes

  init(driver: LeaseDriver, place: @escaping @Sendable () -> String, notes: ClaimNotes) {
    self.driver = driver
    self.place = place
    self.notes = notes
  }

  /// - Parameters:
  ///   - gate: what frames pass, which the election moves.
  ///   - version: of this program, for the records of its sessions.
  init(
    _ configuration: Configuration, _ kubernetes: KubernetesParts?, gate: any LeaseGate,
    version: String
  ) throws(StartFailure) {
    let notes = ClaimNotes(version: version)
    do throws(StoreFailure) {
      switch configuration.lease.backend {
      case .local:
        let store = try LocalLeaseStore(
          directory: configuration.lease.localDirectory, version: version)
        self = Self(store, configuration, timing: nil, limits: LeaseLimits(), gate, notes)
      case .etcd:
        let store = try EtcdLeaseStore(configuration.lease.etcd.options, notes: notes)
        self = Self(
          store, configuration, timing: try Self.timing(configuration.lease),
          limits: EtcdLeaseStore.limits, gate, notes)
      case .kubernetes:
        // Whoever makes the parts for this backend makes a client too.
        guard let client = kubernetes?.client else {
          throw StoreFailure(.misconfigured, "lease.backend: kubernetes needs `kubernetes`")
        }
        let store = KubernetesLeaseStore(
          client, KubernetesLeaseOptions(namespace: configuration.lease.kubernetes.namespace),
          notes: notes)
        self = Self(
          store, configuration, timing: try Self.timing(configuration.lease),
          limits: KubernetesLeaseStore.limits, gate, notes)
      }
    } catch {
      throw StartFailure("\(error)")
    }
  }

  private init(
    _ store: some LeaseStore, _ configuration: Configuration, timing: LeaseTiming?,
    limits: LeaseLimits, _ gate: any LeaseGate, _ notes: ClaimNotes
  ) {
    driver = LeaseDriver(
      store: store, node: configuration.node, timing: timing, limits: limits,
      policy: ElectionPolicy(
        rebalances: configuration.lease.rebalance == .gradual,
        // `spec.preferredHolder` of a Lease is anybody's to set (lease.md §5.6).
        obeysPreferences: configuration.lease.backend == .kubernetes,
        holds: configuration.lease.whenStoreIsLost == .hold), gate: gate, now: { .now },
      sleep: { try await BootTimer.sleep(for: $0) })
    place = { store.place }
    self.notes = notes
  }

  private static func timing(_ settings: LeaseSettings) throws(StoreFailure) -> LeaseTiming {
    do throws(LeaseTimingError) {
      // The configuration fills it in for every backend that has one.
      return try LeaseTiming(timeToLive: settings.duration ?? .zero)
    } catch {
      throw StoreFailure(.misconfigured, "lease.duration: \(error)")
    }
  }
}

extension EtcdSettings {
  var options: EtcdOptions {
    EtcdOptions(
      endpoints: endpoints.map(\.description), prefix: prefix, authority: ca,
      certificate: certificate?.certificate, key: certificate?.key, userName: user?.name,
      passwordFile: user?.passwordFile)
  }
}
