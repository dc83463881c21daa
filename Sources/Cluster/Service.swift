/// What matters of a Service (`v1.Service`).
package struct Service: Hashable, Sendable {
  package var name: ObjectName
  package var uid: String
  package var labels: Labels
  /// `spec.type`; nil where a file does not say.
  package var type: String?
  /// `spec.loadBalancerClass`.
  package var loadBalancerClass: String?
  /// `spec.externalIPs`, as written.
  package var externalIPs: [String]
  /// `status.loadBalancer.ingress`.
  package var ingress: [Ingress]
  /// `spec.loadBalancerIP`: what somebody asks a controller for. Counts where there is none, in files.
  package var loadBalancerIP: String?
  /// What annotations ask a controller for, the one that counts first, the others only where they ask for
  /// something else. Only of a Service in a file, where there is no controller.
  package var requestedIPs: [RequestedIPs] = []
  /// Whether `spec.externalTrafficPolicy` is `Local`.
  package var isLocal: Bool
  /// Whether `metadata.deletionTimestamp` is set.
  package var isBeingDeleted: Bool
  /// The file and line it was read from; nil where it came from the API server.
  package var place: String?
  /// What only matters to whoever gives addresses out.
  package var allocation: Allocation

  /// One way in that a load balancer offers.
  package struct Ingress: Hashable, Sendable {
    package var ip: String?
    package var hostname: String?
    /// `VIP`, which is the default, or `Proxy`.
    package var ipMode: String?

    package init(ip: String? = nil, hostname: String? = nil, ipMode: String? = nil) {
      self.ip = ip
      self.hostname = hostname
      self.ipMode = ipMode
    }
  }

  package init(
    _ name: ObjectName, uid: String = "", labels: Labels = [:], type: String? = nil,
    loadBalancerClass: String? = nil, externalIPs: [String] = [], ingress: [Ingress] = [],
    loadBalancerIP: String? = nil, isLocal: Bool = false, isBeingDeleted: Bool = false,
    place: String? = nil, allocation: Allocation = Allocation()
  ) {
    self.name = name
    self.uid = uid
    self.labels = labels
    self.type = type
    self.loadBalancerClass = loadBalancerClass
    self.externalIPs = externalIPs
    self.ingress = ingress
    self.loadBalancerIP = loadBalancerIP
    self.isLocal = isLocal
    self.isBeingDeleted = isBeingDeleted
    self.place = place
    self.allocation = allocation
  }
}
