internal import Cluster
internal import Time
internal import Wire

/// A Service, what was read out of it, and what this process remembers of it.
struct ServiceEntry: Sendable {
  /// Whose Service it is.
  enum Standing: Sendable {
    /// It gets its addresses here.
    case ours
    /// It does not any more, and what was given has to be taken off.
    case left
    /// Whatever it has is taken, and nothing is written.
    case none
  }

  var service: Service
  /// The addresses of `service.ingress`, at the same positions; nil for what is none.
  let ingress: [IPAddress?]
  /// All addresses that it has in whatever way, each once.
  let addresses: [IPAddress]
  let requests: [IPAddress]
  /// Why its requests can never be met; nil where there is nothing to say against them.
  let requestFault: String?
  /// What of its requests does not count beside others; empty where all do.
  let requestNote: String
  /// The families of which it wants one address each.
  let families: [IPFamily]
  /// Whether this process saw it with addresses from pools: then what it has is not a stranger's.
  var isKnownOurs = false
  /// When it changed how it shares, in the order of such changes; 0: not since it was settled.
  var disturbed: UInt64 = 0
  /// The decision of the last plan that got to it.
  var verdict: Verdict?
  /// The pools that select it, and at which generation of the table that was found.
  var selected: (generation: UInt64, pools: [Int32])?
  /// What the last plan wanted its ingress to be.
  var intended: [Service.Ingress]?
  var foreign: ForeignRecord?

  init(_ service: Service) {
    self.service = service
    ingress = service.ingress.map { item in
      guard item.hostname?.isEmpty ?? true, let ip = item.ip else { return nil }
      return IPAddress(ip)
    }
    var addresses: [IPAddress] = []
    for address in service.ingress.map({ $0.ip.flatMap { IPAddress($0) } })
      + service.externalIPs.map({ IPAddress($0) })
    {
      if let address, !addresses.contains(address) { addresses.append(address) }
    }
    self.addresses = addresses
    let allocation = service.allocation
    switch allocation.familyPolicy {
    case .singleStack: families = IPFamily.shared([allocation.families.first ?? .ipv4])
    case .preferDualStack: families = allocation.families
    case .requireDualStack:
      let first = allocation.families.first ?? .ipv4
      families = IPFamily.shared([first, first.other])
    }
    (requests, requestFault) = RequestText.read(service, families, having: ingress)
    let outvoted = allocation.outvotedIPs
    requestNote = BoundedList.text(outvoted.dropFirst().map { $0.note(besides: outvoted[0]) })
  }

  var name: ObjectName { service.name }
  var order: Order {
    Order(hasRequests: !requests.isEmpty, createdAt: service.allocation.createdAt, name: name)
  }

  /// Who is served first.
  struct Order: Comparable, Sendable {
    let hasRequests: Bool
    let createdAt: String
    let name: ObjectName

    static func < (left: Self, right: Self) -> Bool {
      if left.hasRequests != right.hasRequests { return left.hasRequests }
      return (left.createdAt, left.name) < (right.createdAt, right.name)
    }
  }

  /// Who keeps an address that two have: who asks for no other one, then who would be given one of its family,
  /// then who did not change, then who is older. Of those who are not ours to move, family and change count for
  /// nothing.
  func keeps(_ address: IPAddress, before other: ServiceEntry, _ settings: PoolSettings) -> Bool {
    let asks = asksForOthers(than: address)
    if asks != other.asksForOthers(than: address) { return !asks }
    func suits(_ entry: ServiceEntry) -> Bool {
      entry.standing(settings) != .ours || entry.families.contains(IPFamily(address))
    }
    let isSuitable = suits(self)
    if isSuitable != suits(other) { return isSuitable }
    func change(_ entry: ServiceEntry) -> UInt64 {
      entry.standing(settings) == .ours ? entry.disturbed : 0
    }
    return (change(self), service.allocation.createdAt, name)
      < (change(other), other.service.allocation.createdAt, other.name)
  }

  /// Whether it would rather have other addresses than this one.
  func asksForOthers(than address: IPAddress) -> Bool {
    !requests.isEmpty && !requests.contains(address)
  }

  func has(_ address: IPAddress) -> Bool { ingress.contains(address) }

  /// Our condition, if it has one.
  var condition: Condition? {
    service.allocation.conditions.first { $0.type == Condition.requestSatisfied }
  }

  /// Whether addresses that lie in no pool were given here, or at least in this way: by this process or by
  /// one that wrote the condition. A condition that speaks of a stranger's address says the contrary.
  var isMarked: Bool {
    if isKnownOurs { return true }
    return condition.map { $0.reason != AllocationReason.foreignAddress.rawValue } ?? false
  }

  func standing(_ settings: PoolSettings) -> Standing {
    if service.isBeingDeleted { return .none }
    if service.type == "LoadBalancer" {
      let name = service.loadBalancerClass ?? ""
      if name.isEmpty || settings.classes.contains(name) { return .ours }
      // The condition of a Service of another class is another controller's: a class cannot be changed
      // without the type, and Cilium's own operator writes the same one.
      return isKnownOurs ? .left : .none
    }
    return condition != nil || isKnownOurs ? .left : .none
  }
}

/// How a decision came out.
struct Verdict: Hashable, Sendable {
  var reason = AllocationReason.satisfied
  var message = ""
  /// Whether a free address somewhere could change it.
  var isWaiting = false

  /// Adds what people should know whatever the outcome.
  mutating func add(_ note: String) {
    if note.isEmpty { return }
    message = message.isEmpty ? note : "\(message); \(note)"
  }
}
